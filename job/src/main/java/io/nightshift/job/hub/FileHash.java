package io.nightshift.job.hub;

import io.nightshift.job.storage.Sha256;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * SHA-256 of a file's content: of all of it, or of samples of a large file, whose reading would
 * take minutes. Samples are the beginning, which has the header, and blocks at even distances up to
 * the end. Training changes practically every block of a model's weights; a change that is smaller
 * than the distance of two blocks can fall between them.
 *
 * @param wholeBytes size of the largest file that is read wholly
 * @param headBytes of the beginning, if the file is larger
 * @param samples number of blocks behind it
 * @param sampleBytes size of a block
 */
record FileHash(long wholeBytes, long headBytes, int samples, int sampleBytes) {
  /** 128 MiB of a file that has more than 4 GiB. */
  static final FileHash DEFAULT = new FileHash(4L << 30, 64L << 20, 1024, 64 << 10);

  private static final int BUFFER_BYTES = 1 << 20;

  /**
   * @return {@code sha256:}, or {@code sampled-sha256:} with the size, and 64 digits
   */
  String of(Path file) throws IOException {
    MessageDigest digest = Sha256.digest();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long bytes = channel.size();
      if (bytes <= wholeBytes) {
        update(digest, channel, 0, bytes);
        return "sha256:" + Sha256.hex(digest);
      }
      digest.update((bytes + " bytes\n").getBytes(StandardCharsets.UTF_8));
      update(digest, channel, 0, headBytes);
      long last = bytes - sampleBytes;
      for (int i = 1; i <= samples; i++) {
        long offset = headBytes + (long) ((last - headBytes) * ((double) i / samples));
        update(digest, channel, offset, sampleBytes);
      }
      return "sampled-sha256:" + Sha256.hex(digest);
    }
  }

  private static void update(MessageDigest digest, FileChannel channel, long offset, long bytes)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, bytes));
    long position = offset;
    while (position < offset + bytes) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), offset + bytes - position));
      int count = channel.read(buffer, position);
      if (count < 0) {
        throw new EOFException("a file was cut short while it was read");
      }
      digest.update(buffer.flip());
      position += count;
    }
  }
}
