package io.nightshift.operators.plan;

import io.nightshift.operators.tokenize.PromptKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Gathers the samples of all tasks and emits the first keys of all ranges but the first, so that
 * ranges have about the same number of rows. Keys are whole prompts with their origin, so that rows
 * with a common prefix or with the same prompt are divided as well. Requires a parallelism of one.
 */
public final class RangeBoundsOperator extends AbstractStreamOperator<PromptKey>
    implements OneInputStreamOperator<PromptKey, PromptKey>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  private final int ranges;
  private final List<PromptKey> sample = new ArrayList<>();

  /**
   * @param ranges number of ranges
   */
  public RangeBoundsOperator(int ranges) {
    this.ranges = ranges;
  }

  @Override
  public void processElement(StreamRecord<PromptKey> key) {
    sample.add(key.getValue());
  }

  @Override
  public void endInput() {
    bounds(sample, ranges).forEach(bound -> output.collect(new StreamRecord<>(bound)));
  }

  /** Returns at most {@code ranges - 1} keys, ascending, that divide the sample evenly. */
  static List<PromptKey> bounds(List<PromptKey> sample, int ranges) {
    List<PromptKey> sorted = new ArrayList<>(sample);
    Collections.sort(sorted);
    List<PromptKey> bounds = new ArrayList<>();
    for (int range = 1; range < ranges && !sorted.isEmpty(); range++) {
      PromptKey bound = sorted.get((int) ((long) sorted.size() * range / ranges));
      if (bounds.isEmpty() || !bounds.get(bounds.size() - 1).equals(bound)) {
        bounds.add(bound);
      }
    }
    return bounds;
  }
}
