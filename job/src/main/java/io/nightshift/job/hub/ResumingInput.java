package io.nightshift.job.hub;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.IOUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a file from its beginning. A read that fails is retried from its position, for about a
 * minute: a large file takes long enough for object storage to fail once.
 */
final class ResumingInput implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ResumingInput.class);
  private static final int[] PAUSES_SECONDS = {1, 2, 4, 8, 16, 30};

  private final Path path;
  private @Nullable FSDataInputStream in;
  private long position;

  ResumingInput(Path path) {
    this.path = path;
  }

  /**
   * As {@link java.io.InputStream#read(byte[], int, int)}, from the beginning of {@code buffer}.
   *
   * @throws FileNotFoundException without a retry, if the file does not exist
   */
  int read(byte[] buffer, int length) throws IOException, InterruptedException {
    for (int failures = 0; ; failures++) {
      try {
        int count = stream().read(buffer, 0, length);
        position += Math.max(0, count);
        return count;
      } catch (FileNotFoundException e) {
        throw e;
      } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
        close();
        if (failures == PAUSES_SECONDS.length) {
          throw e;
        }
        LOG.warn("{} cannot be read at {}; trying again", path, position, e);
        Thread.sleep(1000L * PAUSES_SECONDS[failures]);
      }
    }
  }

  private FSDataInputStream stream() throws IOException {
    if (in == null) {
      in = path.getFileSystem().open(path);
      in.seek(position);
    }
    return in;
  }

  @Override
  public void close() {
    IOUtils.closeQuietly(in);
    in = null;
  }
}
