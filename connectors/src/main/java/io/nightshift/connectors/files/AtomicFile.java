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
 * A file that appears under its name when it is committed, whole, in place of one that was there,
 * or not at all; on HDFS there is a moment with neither. Until then it is a hidden file or an
 * upload that has not been completed, as Flink's recoverable writer of the file system has it.
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

  /** Writes a file of this content. */
  public static void write(Path path, byte[] content) throws IOException {
    try (AtomicFile file = create(path)) {
      file.stream().write(content);
      file.commit();
    }
  }

  /** What a file holds, which fits memory; empty if there is no such file. */
  public static Optional<byte[]> read(Path path) throws IOException {
    try (FSDataInputStream in = path.getFileSystem().open(path)) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Where the content goes; not to be closed. */
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
      // Object storage may have done it and say that it failed; trying again is then no failure.
      committer.commitAfterRecovery();
    } catch (IOException e) {
      throw FullDiskException.explain(path, e);
    }
    ended = true;
  }

  /**
   * Whether committing replaces a file that is there. Flink's writer for Hadoop's file systems
   * renames, which leaves such a file as it is, without a word.
   */
  private boolean isReplacedByCommit() throws IOException {
    String scheme = path.getFileSystem().getUri().getScheme();
    return scheme.equals("file") || scheme.startsWith("s3");
  }

  /** Gives the file up if it has not been committed. */
  @Override
  public void close() {
    // Once committed, the stream must not be closed again: that of Flink's S3 file systems fails.
    if (!ended) {
      ended = true;
      IOUtils.closeQuietly(out);
    }
  }

  /** Says which file it was that found the disk full. */
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
