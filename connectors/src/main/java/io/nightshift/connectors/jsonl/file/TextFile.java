package io.nightshift.connectors.jsonl.file;

import com.github.luben.zstd.ZstdInputStream;
import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.files.LocalFileNames;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A text file on any of Flink's file systems. The ending of its name says whether it is compressed:
 * {@code .gz} and {@code .zst} are decompressed while reading.
 *
 * @param path of the file
 */
public record TextFile(Path path) {
  private static final Map<String, Decompressor> DECOMPRESSORS =
      Map.of(
          "gz", GZIPInputStream::new,
          "gzip", GZIPInputStream::new,
          "zst", ZstdInputStream::new,
          "zstd", ZstdInputStream::new);

  /** Endings of compressed files that cannot be read. */
  private static final Set<String> UNREADABLE =
      Set.of(
          "bz2", "xz", "lz4", "lzo", "snappy", "sz", "br", "deflate", "zip", "7z", "tar", "tgz",
          "z");

  /** Whether it can be read from the middle only by reading what is before. */
  public boolean isCompressed() {
    return DECOMPRESSORS.containsKey(ending());
  }

  /**
   * @throws FileReadException if the file's name says that it is compressed in another way
   */
  public void requireReadable() throws FileReadException {
    if (UNREADABLE.contains(ending())) {
      throw new FileReadException(
          path.toString(),
          "files that end with ."
              + ending()
              + " cannot be read: write the lines as they are, or compress them with gzip (.gz) or"
              + " Zstandard (.zst)");
    }
  }

  /**
   * Opens the text.
   *
   * @param offset in bytes of the decompressed text, at which to begin
   * @throws FileReadException if it cannot be decompressed
   */
  public InputStream open(long offset) throws IOException {
    LocalFileNames.requireKnown(path);
    FSDataInputStream stream = path.getFileSystem().open(path);
    @Nullable Decompressor decompressor = DECOMPRESSORS.get(ending());
    try {
      if (decompressor == null) {
        stream.seek(offset);
        return stream;
      }
      long length = path.getFileSystem().getFileStatus(path).getLen();
      InputStream text = decompressor.decompress(new CompressedStream(stream, length));
      text.skipNBytes(offset);
      return text;
    } catch (IOException | RuntimeException e) {
      stream.close();
      throw new FileReadException(path.toString(), "cannot be opened: " + e.getMessage(), e);
    }
  }

  private String ending() {
    String name = path.getName();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  @FunctionalInterface
  private interface Decompressor {
    InputStream decompress(InputStream compressed) throws IOException;
  }

  /**
   * Says exactly how much is left: the JDK's gzip stream takes no byte available for the end of the
   * file, also behind the first of several members, and streams of object storage may have none.
   */
  private static final class CompressedStream extends FilterInputStream {
    private final FSDataInputStream stream;
    private final long length;

    CompressedStream(FSDataInputStream stream, long length) {
      super(stream);
      this.stream = stream;
      this.length = length;
    }

    @Override
    public int available() throws IOException {
      return (int) Math.min(Integer.MAX_VALUE, length - stream.getPos());
    }
  }
}
