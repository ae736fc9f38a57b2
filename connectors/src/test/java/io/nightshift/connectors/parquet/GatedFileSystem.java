package io.nightshift.connectors.parquet;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;

/**
 * Local files under the scheme {@code gated}: a file system that only Flink knows, and whose
 * streams stop in the middle of a file until a test lets them go on.
 */
public final class GatedFileSystem extends LocalFileSystem {
  private static final URI ROOT = URI.create("gated:///");
  private static final int SEEKS_BEFORE_GATE = 8;
  private static volatile CountDownLatch gate = new CountDownLatch(0);

  /** From now on streams stop at the gate until it is opened. */
  public static void closeGate() {
    gate = new CountDownLatch(1);
  }

  public static void openGate() {
    gate.countDown();
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public FSDataInputStream open(Path path) throws IOException {
    return new GatedStream(super.open(path));
  }

  private static final class GatedStream extends FSDataInputStream {
    private final FSDataInputStream stream;
    private int seeks;

    GatedStream(FSDataInputStream stream) {
      this.stream = stream;
    }

    @Override
    public void seek(long position) throws IOException {
      if (++seeks == SEEKS_BEFORE_GATE) {
        awaitGate();
      }
      stream.seek(position);
    }

    private static void awaitGate() throws IOException {
      try {
        if (!gate.await(60, TimeUnit.SECONDS)) {
          throw new IOException("nobody opened the gate");
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException(interrupted);
      }
    }

    @Override
    public long getPos() throws IOException {
      return stream.getPos();
    }

    @Override
    public int read() throws IOException {
      return stream.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return stream.read(target, offset, length);
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }

  /** Registers the scheme with Flink. */
  public static final class Factory implements FileSystemFactory {
    @Override
    public String getScheme() {
      return "gated";
    }

    @Override
    public FileSystem create(URI uri) {
      return new GatedFileSystem();
    }
  }
}
