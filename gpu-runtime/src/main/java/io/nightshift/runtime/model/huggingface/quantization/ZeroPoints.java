package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.weights.StoredTensor;
import java.util.Arrays;

/** The codes that stand for zero, by row and group. Thread-safe. */
interface ZeroPoints {

  /** Reads those of a row's groups. */
  void read(int row, float[] target);

  /** The same everywhere. */
  static ZeroPoints constant(float zeroPoint, int groups) {
    return (row, target) -> Arrays.fill(target, 0, groups, zeroPoint);
  }

  /**
   * Packed by rows: bits of consecutive rows, from the lowest ones on, are a 32-bit integer of
   * {@code [rows * bits / 32, groups]}.
   *
   * @param bits 4 or 8
   * @param subtract what they are stored too large by
   */
  static ZeroPoints packedRows(StoredTensor stored, int bits, int groups, int subtract) {
    int rowsOfWord = Integer.SIZE / bits;
    int mask = (1 << bits) - 1;
    return (row, target) -> {
      long word = stored.offset() + (long) (row / rowsOfWord) * groups * Integer.BYTES;
      int shift = row % rowsOfWord * bits;
      for (int group = 0; group < groups; group++) {
        int packed = stored.file().getInt(word + (long) group * Integer.BYTES);
        target[group] = (packed >>> shift & mask) - subtract;
      }
    };
  }
}
