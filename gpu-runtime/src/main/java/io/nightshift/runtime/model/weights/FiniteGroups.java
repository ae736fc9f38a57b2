package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.ModelFormatException;

/** Checks scales and offsets: one that is not finite spoils every answer, whatever the row asks. */
final class FiniteGroups {
  private FiniteGroups() {}

  /**
   * @param groups of a row, which have the first elements of {@code scales} and {@code offsets}
   * @throws ModelFormatException if one of them is not finite
   */
  static void require(String tensor, int row, int groups, float[] scales, float[] offsets) {
    require(tensor, row, groups, "scale", scales);
    require(tensor, row, groups, "offset", offsets);
  }

  private static void require(String tensor, int row, int groups, String kind, float[] values) {
    for (int group = 0; group < groups; group++) {
      if (!Float.isFinite(values[group])) {
        throw new ModelFormatException(
            "%s: the %s of row %s, group %s is %s: the file is damaged, or the model was not quantized well; get or quantize it again"
                .formatted(tensor, kind, row, group, values[group]));
      }
    }
  }
}
