package io.nightshift.job.report.evaluation;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values that an answer may have, and a truth should have. They are compared by their texts, so
 * that a column of integers is the truth of choices {@code "1"} and {@code "2"}.
 */
public final class Labels {
  private final List<String> texts;
  private final Map<String, Integer> indexes = new HashMap<>();

  /**
   * @param texts of the values, each as {@link #text} has it, distinct
   */
  public Labels(List<String> texts) {
    this.texts = List.copyOf(texts);
    for (int label = 0; label < texts.size(); label++) {
      indexes.put(texts.get(label), label);
    }
  }

  /** The text of a value; of a number without an exponent and without zeros at its end. */
  public static String text(Object value) {
    boolean finite = value instanceof Number number && Double.isFinite(number.doubleValue());
    return finite
        ? new BigDecimal(value.toString()).stripTrailingZeros().toPlainString()
        : value.toString();
  }

  /** The index of a value; null if it is no label. */
  @Nullable Integer indexOf(Object value) {
    return indexes.get(text(value));
  }

  /** The texts of the labels, by their indexes. */
  public List<String> texts() {
    return texts;
  }

  int count() {
    return texts.size();
  }
}
