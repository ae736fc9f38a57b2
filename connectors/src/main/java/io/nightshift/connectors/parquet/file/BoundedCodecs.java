package io.nightshift.connectors.parquet.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Decompressors that reject a page whose header claims more bytes than this JVM can hold, before
 * they are allocated. None of them needs Hadoop's native libraries.
 */
final class BoundedCodecs implements CompressionCodecFactory {
  static final Set<CompressionCodecName> SUPPORTED =
      EnumSet.of(
          CompressionCodecName.UNCOMPRESSED,
          CompressionCodecName.SNAPPY,
          CompressionCodecName.GZIP,
          CompressionCodecName.ZSTD,
          CompressionCodecName.LZ4_RAW);

  private final CompressionCodecFactory codecs;
  private final long maximumPage = Runtime.getRuntime().maxMemory() / 4;

  BoundedCodecs(CompressionCodecFactory codecs) {
    this.codecs = codecs;
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    return new BoundedDecompressor(codecs.getDecompressor(codec));
  }

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    throw new UnsupportedOperationException("Files are only read here.");
  }

  @Override
  public void release() {
    codecs.release();
  }

  private final class BoundedDecompressor implements BytesInputDecompressor {
    private final BytesInputDecompressor decompressor;

    BoundedDecompressor(BytesInputDecompressor decompressor) {
      this.decompressor = decompressor;
    }

    @Override
    public BytesInput decompress(BytesInput compressed, int size) throws IOException {
      check(size);
      return decompressor.decompress(compressed, size);
    }

    @Override
    public void decompress(ByteBuffer compressed, int length, ByteBuffer target, int size)
        throws IOException {
      check(size);
      decompressor.decompress(compressed, length, target, size);
    }

    @Override
    public void release() {
      decompressor.release();
    }

    private void check(int size) throws IOException {
      if (size < 0) {
        throw new IOException("a page claims to have " + size + " bytes");
      }
      if (size > maximumPage) {
        throw new HeapTooSmallException(
            String.format(
                Locale.ROOT,
                "a page has %,d bytes, and at most %,d, a quarter of the heap, are read. %s",
                size,
                maximumPage,
                ReadFailure.moreHeap(4L * size)));
      }
    }
  }
}
