package io.nightshift.connectors.files;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.util.IOUtils;

/**
 * A file that appears atomically when it is committed, replacing an existing one; on HDFS there is
 * a moment with neither. Until then it is a hidden file or an incomplete upload, depending on the
 * recoverable writer of the file system.
 */
public final class AtomicFile implements Closeable {
  private final Path path;
  private final RecoverableFsDataOutputStream out;
  private boolean ended;

  private AtomicFile(Path path, RecoverableFsDataOutputStream out) {
    this.path = path;
    this.out = out;
  }

  public static AtomicFile create(Path path) throws IOException {
    LocalFileNames.requireKnown(path);
    return new AtomicFile(path, path.getFileSystem().createRecoverableWriter().open(path));
  }

  /** Writes a file with this content. */
  public static void write(Path path, byte[] content) throws IOException {
    try (AtomicFile file = create(path)) {
      file.stream().write(content);
      file.commit();
    }
  }

  /** Reads a file that fits in memory; empty if there is no such file. */
  public static Optional<byte[]> read(Path path) throws IOException {
    try (FSDataInputStream in = path.getFileSystem().open(path)) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** The stream for the content. Callers must not close it. */
  public OutputStream stream() {
    return new ExplainingStream();
  }

  /** Makes the file appear. */
  public void commit() throws IOException {
    try {
      RecoverableFsDataOutputStream.Committer committer = out.closeForCommit();
      if (!isReplacedByCommit()) {
        path.getFileSystem().delete(path, false);
      }
      // Object storage may report a failure after it has committed; a second attempt then succeeds.
      committer.commitAfterRecovery();
    } catch (IOException e) {
      throw FullDiskException.explain(path, e);
    }
    ended = true;
  }

  /**
   * Whether committing replaces an existing file. Flink's writer for Hadoop's file systems renames,
   * which silently keeps the existing file.
   */
  private boolean isReplacedByCommit() throws IOException {
    String scheme = path.getFileSystem().getUri().getScheme();
    return scheme.equals("file") || scheme.startsWith("s3");
  }

  /** Discards the file if it has not been committed. */
  @Override
  public void close() {
    // After a commit the stream must not be closed again: that of Flink's S3 file systems fails.
    if (!ended) {
      ended = true;
      IOUtils.closeQuietly(out);
    }
  }

  /** Adds the name of the file to a failure because of a full disk. */
  private final class ExplainingStream extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        throw FullDiskException.explain(path, e);
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        out.flush();
      } catch (IOException e) {
        throw FullDiskException.explain(path, e);
      }
    }
  }
}
