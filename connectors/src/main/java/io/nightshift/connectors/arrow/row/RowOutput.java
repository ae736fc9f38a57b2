package io.nightshift.connectors.arrow.row;

import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;

/** A byte array that grows: where {@link ArrowRowCodec} puts the cells of a row. */
final class RowOutput {
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

  /** Seven bits a byte, lowest first; the highest bit says that another byte follows. */
  void writeLength(int length) {
    reserve(5);
    int rest = length;
    while (rest > 0x7f) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void writeBytes(ArrowBuf source, long offset, int length) {
    reserve(length);
    source.getBytes(offset, bytes, size, length);
    size += length;
  }

  private void reserve(int more) {
    int needed = Math.addExact(size, more);
    if (needed > bytes.length) {
      int doubled = (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - Long.BYTES);
      bytes = Arrays.copyOf(bytes, Math.max(needed, doubled));
    }
  }
}
