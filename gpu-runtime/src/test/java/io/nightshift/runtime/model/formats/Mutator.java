package io.nightshift.runtime.model.formats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Makes broken files from a real one: a few random damages, mostly in its header. */
final class Mutator {
  /** Numbers that are likely to upset a reader. */
  private static final long[] NASTY = {
    0,
    1,
    -1,
    7,
    255,
    256,
    65_535,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 31,
    1L << 32,
    (1L << 32) - 1,
    1L << 40,
    1L << 61,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MAX_VALUE - 31
  };

  private final byte[] original;
  private final int headerLength;
  private final Random random;

  Mutator(byte[] original, int headerLength, long seed) {
    this.original = original;
    this.headerLength = headerLength;
    this.random = new Random(seed);
  }

  byte[] next() {
    byte[] bytes = original.clone();
    int damages = 1 + random.nextInt(3);
    for (int i = 0; i < damages && bytes.length > 16; i++) {
      bytes = damage(bytes);
    }
    return bytes;
  }

  private byte[] damage(byte[] bytes) {
    int position = random.nextInt(Math.min(headerLength, bytes.length) - 8);
    switch (random.nextInt(8)) {
      case 0 -> bytes[position] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[position] = (byte) random.nextInt(256);
      case 2 -> bytes[position] = (byte) "0123456789-.{}[]\",:eE".charAt(random.nextInt(21));
      case 3 -> littleEndian(bytes).putInt(position, (int) nasty(bytes.length));
      case 4 -> littleEndian(bytes).putLong(position, nasty(bytes.length));
      case 5 -> {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      case 6 -> {
        return splice(bytes, position, position + 1 + random.nextInt(40), new byte[0]);
      }
      default -> {
        int end = Math.min(bytes.length, position + 1 + random.nextInt(40));
        return splice(bytes, position, position, Arrays.copyOfRange(bytes, position, end));
      }
    }
    return bytes;
  }

  private long nasty(int length) {
    int choice = random.nextInt(NASTY.length + 2);
    return choice < NASTY.length ? NASTY[choice] : random.nextInt(2 * length);
  }

  private static byte[] splice(byte[] bytes, int start, int end, byte[] replacement) {
    int tail = Math.min(end, bytes.length);
    return ByteBuffer.allocate(start + replacement.length + bytes.length - tail)
        .put(bytes, 0, start)
        .put(replacement)
        .put(bytes, tail, bytes.length - tail)
        .array();
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
