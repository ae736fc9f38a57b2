package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.weights.QuantizedRows;
import java.util.Arrays;
import java.util.Optional;

/**
 * A quantized matrix whose rows are contiguous: {@code scale / divisor * (code - zero point)}.
 *
 * @param divisor of all scales
 * @param zeroPoints empty if all are zero
 */
record RowMajorMatrix(
    Quantization quantization,
    CodeRows codes,
    NumberGrid scales,
    float divisor,
    Optional<ZeroPoints> zeroPoints)
    implements QuantizedRows {

  @Override
  public void readCodes(int row, byte[] target, int offset) {
    codes.read(row, target, offset);
  }

  @Override
  public void readGroups(int row, float[] target, float[] offsets) {
    scales.read(row, target);
    int groups = scales.groups();
    for (int group = 0; group < groups; group++) {
      target[group] /= divisor;
    }
    if (zeroPoints.isEmpty()) {
      Arrays.fill(offsets, 0, groups, 0);
      return;
    }
    zeroPoints.get().read(row, offsets);
    for (int group = 0; group < groups; group++) {
      offsets[group] *= -target[group];
    }
  }
}
