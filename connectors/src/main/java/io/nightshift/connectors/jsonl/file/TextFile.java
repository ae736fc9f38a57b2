package io.nightshift.connectors.jsonl.file;

import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.files.LocalFileNames;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.io.compression.Bzip2InputStreamFactory;
import org.apache.flink.api.common.io.compression.DeflateInflaterInputStreamFactory;
import org.apache.flink.api.common.io.compression.GzipInflaterInputStreamFactory;
import org.apache.flink.api.common.io.compression.InflaterInputStreamFactory;
import org.apache.flink.api.common.io.compression.ZStandardInputStreamFactory;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A text file on any of Flink's file systems. The ending of its name says whether it is compressed:
 * {@code .gz}, {@code .zst}, {@code .bz2} and {@code .deflate} are decompressed while reading.
 *
 * @param path of the file
 */
public record TextFile(Path path) {
  private static final Map<String, InflaterInputStreamFactory<?>> DECOMPRESSORS =
      Map.of(
          "gz", GzipInflaterInputStreamFactory.getInstance(),
          "gzip", GzipInflaterInputStreamFactory.getInstance(),
          "zst", ZStandardInputStreamFactory.getInstance(),
          "zstd", ZStandardInputStreamFactory.getInstance(),
          "bz2", Bzip2InputStreamFactory.getInstance(),
          "deflate", DeflateInflaterInputStreamFactory.getInstance());

  /** Endings of compressed files that cannot be read. */
  private static final Set<String> UNREADABLE =
      Set.of("xz", "lz4", "lzo", "snappy", "sz", "br", "zip", "7z", "tar", "tgz", "z");

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
    try {
      @Nullable InflaterInputStreamFactory<?> decompressor = DECOMPRESSORS.get(ending());
      if (decompressor == null) {
        stream.seek(offset);
        return stream;
      }
      InputStream text = decompressor.create(stream);
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
}
