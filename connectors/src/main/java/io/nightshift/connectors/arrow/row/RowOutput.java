package io.nightshift.connectors.arrow.row;

import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;

/** A growing byte array: the output of {@link ArrowRowCodec}. */
final class RowOutput {
  /** The longest array that every JVM can allocate. */
  private static final int MAX_BYTES = Integer.MAX_VALUE - Long.BYTES;

  private byte[] bytes = new byte[256];
  private int size;

  void clear() {
    size = 0;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  void writeByte(byte value) {
    reserve(1);
    bytes[size++] = value;
  }

  /** Seven bits per byte, lowest first; the highest bit tells that another byte follows. */
  void writeLength(int length) {
    reserve(5);
    int rest = length;
    while (rest > 0x7f) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void writeBytes(byte[] source) {
    reserve(source.length);
    System.arraycopy(source, 0, bytes, size, source.length);
    size += source.length;
  }

  /** The lowest {@code width} bytes of a number. */
  void writeLittleEndian(long value, int width) {
    reserve(width);
    for (int index = 0; index < width; index++) {
      bytes[size++] = (byte) (value >> (index * Byte.SIZE));
    }
  }

  void writeBytes(ArrowBuf source, long offset, int length) {
    reserve(length);
    source.getBytes(offset, bytes, size, length);
    size += length;
  }

  private void reserve(int more) {
    long needed = (long) size + more;
    if (needed > MAX_BYTES) {
      throw new IllegalArgumentException(
          "A row has more than 2 GiB in the columns that are kept; keep fewer (output.columns)");
    }
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(2L * bytes.length, MAX_BYTES)));
    }
  }
}
