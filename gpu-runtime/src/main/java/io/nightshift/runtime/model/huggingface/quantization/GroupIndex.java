package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.Quantization.ColumnGroups;
import io.nightshift.runtime.model.TensorType;

/** A tensor with the group of each column, {@code [columns]}. */
final class GroupIndex {
  private GroupIndex() {}

  /**
   * @throws io.nightshift.runtime.model.ModelFormatException if it is missing, has another shape,
   *     or names a group that does not exist
   */
  static ColumnGroups read(LinearLayer layer, String tensor, int groupSize) {
    int columns = layer.columns();
    int groups = (columns + groupSize - 1) / groupSize;
    int[] ofColumn = new int[columns];
    TransposedMatrix.readWords(layer.tensor(tensor, TensorType.I32, columns), 0, columns, ofColumn);
    boolean consecutive = true;
    for (int column = 0; column < columns; column++) {
      int group = ofColumn[column];
      if (group < 0 || group >= groups) {
        throw layer.problem(
            tensor,
            "says that column %s is in group %s; a group_size of %s makes %s groups"
                .formatted(column, group, groupSize, groups));
      }
      consecutive &= group == column / groupSize;
    }
    return consecutive ? ColumnGroups.CONSECUTIVE : new ColumnGroups.Listed(ofColumn);
  }
}
