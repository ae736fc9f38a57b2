package io.nightshift.connectors.files;

import java.io.IOException;
import java.util.Locale;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** A folder has no space left. The message names it and the remedy. */
public final class FullDiskException extends IOException {
  private static final long serialVersionUID = 1L;

  private FullDiskException(Path folder, Throwable cause) {
    super(
        "there is no space left for %s (%s): free some space and run the job again, which resumes with the missing rows"
            .formatted(folder, cause.getMessage()),
        cause);
  }

  /**
   * Returns the failure to write to a folder with an explanation if a full disk is the cause, and
   * otherwise as it is.
   *
   * @param folder that was written to
   */
  public static IOException explain(Path folder, IOException failure) {
    return failure instanceof FullDiskException || !tellsOfFullDisk(failure)
        ? failure
        : new FullDiskException(folder, failure);
  }

  /**
   * Whether a failure or one of its causes is the operating system's error for a full disk, an
   * exhausted quota, or a file size limit.
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
