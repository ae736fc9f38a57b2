package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.weights.StoredTensor;

/**
 * GPTQ's weights: {@code qweight}, {@code [inputs * bits / 32, outputs]}, with codes of consecutive
 * inputs in a 32-bit integer, from its lowest bits on, and {@code qzeros}, {@code [groups, outputs
 * * bits / 32]}, with those of consecutive outputs.
 */
final class GptqMatrix extends TransposedMatrix {
  private final StoredTensor codes;
  private final StoredTensor zeroPoints;
  private final int rows;
  private final int bits;
  private final int storedLess;

  /**
   * @param storedLess what zero points are stored too small by
   */
  GptqMatrix(
      Quantization quantization,
      int rows,
      int columns,
      StoredTensor codes,
      StoredTensor scales,
      StoredTensor zeroPoints,
      int storedLess,
      RowBlockCache cache) {
    super(quantization, rows, columns, scales, cache);
    this.codes = codes;
    this.zeroPoints = zeroPoints;
    this.rows = rows;
    this.bits = quantization.codes().bits();
    this.storedLess = storedLess;
  }

  /** 8-bit codes, 0 to 255 in the file, become -128 to 127. */
  @Override
  void readCodes(int firstRow, int count, byte[] target) {
    int codesOfWord = Integer.SIZE / bits;
    int mask = (1 << bits) - 1;
    int shift = shift();
    int[] words = new int[count];
    for (int column = 0; column < columns(); column += codesOfWord) {
      readWords(codes, (long) (column / codesOfWord) * rows + firstRow, count, words);
      for (int row = 0; row < count; row++) {
        int to = row * columns() + column;
        for (int i = 0; i < codesOfWord; i++) {
          target[to + i] = (byte) ((words[row] >>> i * bits & mask) - shift);
        }
      }
    }
  }

  /** Zero points that are stored minus 1 are stored modulo the number of codes. */
  @Override
  void readZeroPoints(int group, int firstRow, int count, int[] target) {
    int codesOfWord = Integer.SIZE / bits;
    int mask = (1 << bits) - 1;
    int words = (count + codesOfWord - 1) / codesOfWord;
    long first = (long) group * (rows / codesOfWord) + firstRow / codesOfWord;
    int[] packed = new int[words];
    readWords(zeroPoints, first, words, packed);
    for (int row = 0; row < count; row++) {
      int zeroPoint = packed[row / codesOfWord] >>> row % codesOfWord * bits & mask;
      target[row] = (zeroPoint + storedLess & mask) - shift();
    }
  }

  private int shift() {
    return quantization().codes() == CodeType.INT8 ? 128 : 0;
  }
}
