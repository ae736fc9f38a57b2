package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.weights.StoredTensor;

/** Reads the codes of a matrix whose rows are contiguous. Thread-safe. */
interface CodeRows {

  /** Reads the codes of a row to {@code target}, from {@code offset} on. */
  void read(int row, byte[] target, int offset);

  /** A byte for each code. */
  static CodeRows bytes(StoredTensor stored, int columns) {
    return (row, target, offset) -> {
      byte[] bytes = row(stored, row, columns);
      System.arraycopy(bytes, 0, target, offset, columns);
    };
  }

  /**
   * Bytes that are stored plus 128.
   *
   * @param rowBytes bytes of a row, which may end with bytes that mean nothing
   */
  static CodeRows shiftedBytes(StoredTensor stored, int columns, int rowBytes) {
    return (row, target, offset) -> {
      byte[] bytes = row(stored, row, rowBytes);
      for (int i = 0; i < columns; i++) {
        target[offset + i] = (byte) (bytes[i] ^ 0x80);
      }
    };
  }

  /**
   * Two codes in a byte, the first in its low half.
   *
   * @param rowBytes bytes of a row, which may end with bytes that mean nothing
   */
  static CodeRows nibbles(StoredTensor stored, int columns, int rowBytes) {
    return (row, target, offset) -> {
      byte[] bytes = row(stored, row, rowBytes);
      for (int i = 0; i < columns; i++) {
        target[offset + i] = (byte) (bytes[i >> 1] >> (i & 1) * 4 & 0x0F);
      }
    };
  }

  private static byte[] row(StoredTensor stored, int row, int rowBytes) {
    byte[] bytes = new byte[rowBytes];
    stored.file().read(stored.offset() + (long) row * rowBytes, bytes, rowBytes);
    return bytes;
  }
}
