package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.weights.StoredTensor;

/**
 * AWQ's weights in the layout of its GEMM kernels: {@code qweight}, {@code [inputs, outputs / 8]},
 * and {@code qzeros}, {@code [groups, outputs / 8]}, with the codes of eight consecutive outputs in
 * a 32-bit integer in the order {@link #ORDER}, from its lowest bits on.
 */
final class AwqMatrix extends TransposedMatrix {
  static final int CODES_OF_WORD = 8;

  private static final int[] ORDER = {0, 2, 4, 6, 1, 3, 5, 7};

  private final StoredTensor codes;
  private final StoredTensor zeroPoints;
  private final int wordsOfRow;

  AwqMatrix(
      Quantization quantization,
      int rows,
      int columns,
      StoredTensor codes,
      StoredTensor scales,
      StoredTensor zeroPoints,
      RowBlockCache cache) {
    super(quantization, rows, columns, scales, cache);
    this.codes = codes;
    this.zeroPoints = zeroPoints;
    wordsOfRow = rows / CODES_OF_WORD;
  }

  @Override
  void readCodes(int firstRow, int count, byte[] target) {
    int[] unpacked = new int[count];
    for (int column = 0; column < columns(); column++) {
      unpack(codes, column, firstRow, count, unpacked);
      for (int row = 0; row < count; row++) {
        target[row * columns() + column] = (byte) unpacked[row];
      }
    }
  }

  @Override
  void readZeroPoints(int group, int firstRow, int count, int[] target) {
    unpack(zeroPoints, group, firstRow, count, target);
  }

  private void unpack(StoredTensor stored, int storedRow, int first, int count, int[] target) {
    int[] words = new int[count / CODES_OF_WORD];
    readWords(stored, (long) storedRow * wordsOfRow + first / CODES_OF_WORD, words.length, words);
    for (int word = 0; word < words.length; word++) {
      for (int i = 0; i < CODES_OF_WORD; i++) {
        target[word * CODES_OF_WORD + ORDER[i]] = words[word] >>> 4 * i & 0x0F;
      }
    }
  }
}
