package io.nightshift.connectors.files;

import java.io.IOException;
import java.util.Locale;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** A folder that takes no more bytes; the message names it and says what to do. */
public final class FullDiskException extends IOException {
  private static final long serialVersionUID = 1L;

  private FullDiskException(Path folder, Throwable cause) {
    super(
        "there is no space left for %s (%s): make room there and run the job again, which goes on with the rows that have no answer"
            .formatted(folder, cause.getMessage()),
        cause);
  }

  /**
   * The failure to write to a folder as one that explains itself, if it is that of a full disk.
   *
   * @param folder that was written to
   */
  public static IOException explain(Path folder, IOException failure) {
    return failure instanceof FullDiskException || !tellsOfFullDisk(failure)
        ? failure
        : new FullDiskException(folder, failure);
  }

  /**
   * Whether a failure, or what has caused it, is what the operating system says of a disk without
   * space, a quota that is used up, or a file that may not grow.
   */
  public static boolean tellsOfFullDisk(@Nullable Throwable failure) {
    if (failure == null) {
      return false;
    }
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("no space left on device")
        || message.contains("disk quota exceeded")
        || message.contains("file too large")
        || tellsOfFullDisk(failure.getCause());
  }
}
