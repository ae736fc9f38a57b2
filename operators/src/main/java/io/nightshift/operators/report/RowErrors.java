package io.nightshift.operators.report;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.accumulators.Accumulator;
import org.apache.flink.api.common.accumulators.SimpleAccumulator;
import org.jspecify.annotations.Nullable;

/**
 * Accumulates rows with errors by code, with the first few messages of each.
 *
 * <p>The task's thread adds while a heartbeat serializes, so a map is never modified after it has
 * been published.
 */
public final class RowErrors implements SimpleAccumulator<TreeMap<String, RowErrors.OfCode>> {
  private static final long serialVersionUID = 1L;
  private static final int EXAMPLES = 3;

  /** Name of the accumulator. */
  public static final String NAME = "ROW_ERRORS";

  private volatile TreeMap<String, OfCode> byCode = new TreeMap<>();

  /**
   * Rows of one error code.
   *
   * @param rows how many
   * @param examples the first few, each with the row's origin and the message
   */
  public record OfCode(long rows, List<String> examples) implements Serializable {
    private OfCode plus(OfCode other) {
      List<String> first = new ArrayList<>(examples);
      other.examples.stream().limit(Math.max(0, EXAMPLES - first.size())).forEach(first::add);
      return new OfCode(rows + other.rows, List.copyOf(first));
    }
  }

  /** Counts a row, which is given by its origin. */
  public void add(String code, String sourceFile, long sourceRow, @Nullable String message) {
    String example = "%s row %s: %s".formatted(sourceFile, sourceRow, message);
    add(new TreeMap<>(Map.of(code, new OfCode(1, List.of(example)))));
  }

  /** The sum of both. */
  public static TreeMap<String, OfCode> sum(Map<String, OfCode> some, Map<String, OfCode> others) {
    TreeMap<String, OfCode> sum = new TreeMap<>(some);
    others.forEach((code, rows) -> sum.merge(code, rows, OfCode::plus));
    return sum;
  }

  @Override
  public void add(TreeMap<String, OfCode> value) {
    byCode = sum(byCode, value);
  }

  @Override
  public TreeMap<String, OfCode> getLocalValue() {
    return byCode;
  }

  @Override
  public void resetLocal() {
    byCode = new TreeMap<>();
  }

  @Override
  public void merge(Accumulator<TreeMap<String, OfCode>, TreeMap<String, OfCode>> other) {
    add(other.getLocalValue());
  }

  @Override
  public Accumulator<TreeMap<String, OfCode>, TreeMap<String, OfCode>> clone() {
    RowErrors copy = new RowErrors();
    copy.add(byCode);
    return copy;
  }
}
