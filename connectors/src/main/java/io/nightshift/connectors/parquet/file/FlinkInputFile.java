package io.nightshift.connectors.parquet.file;

import io.nightshift.connectors.files.LocalFileNames;
import java.io.IOException;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** Adapts a file of Flink's file systems, including plugins, to parquet-java. */
final class FlinkInputFile implements InputFile {
  private final Path path;
  private final long length;

  FlinkInputFile(Path path, long length) {
    this.path = path;
    this.length = length;
  }

  @Override
  public long getLength() {
    return length;
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    LocalFileNames.requireKnown(path);
    FileSystem fileSystem = path.getFileSystem();
    return new FlinkStream(fileSystem.open(path));
  }

  @Override
  public String toString() {
    return path.toString();
  }

  private static final class FlinkStream extends DelegatingSeekableInputStream {
    private final FSDataInputStream stream;

    FlinkStream(FSDataInputStream stream) {
      super(stream);
      this.stream = stream;
    }

    @Override
    public long getPos() throws IOException {
      return stream.getPos();
    }

    @Override
    public void seek(long position) throws IOException {
      stream.seek(position);
    }
  }
}
