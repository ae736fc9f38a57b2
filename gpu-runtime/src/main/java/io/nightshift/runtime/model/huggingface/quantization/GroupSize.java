package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.huggingface.json.JsonFile;

/** {@code group_size} of GPTQ and AWQ. */
final class GroupSize {
  private static final String KEY = "group_size";

  /** The value for groups of all columns. */
  static final int WHOLE_ROW = -1;

  private GroupSize() {}

  /** A positive number, or {@link #WHOLE_ROW}. */
  static int read(JsonFile json) {
    int size = json.requiredInteger(KEY);
    if (size != WHOLE_ROW && size <= 0) {
      throw json.problem(KEY, size + ", expected a positive number, or -1 for whole rows");
    }
    return size;
  }

  static int columns(int groupSize, int columns) {
    return groupSize == WHOLE_ROW ? columns : groupSize;
  }

  static String description(int groupSize) {
    return groupSize == WHOLE_ROW ? "a group for each row" : "groups of " + groupSize;
  }
}
