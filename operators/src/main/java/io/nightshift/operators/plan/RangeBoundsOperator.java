package io.nightshift.operators.plan;

import io.nightshift.operators.tokenize.PromptKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Gathers the samples of all tasks and emits the first keys of all ranges but the first, so that
 * ranges have about as many rows. Keys are whole prompts with their origin: a prefix that all rows
 * share, or a prompt that many rows have, is divided like anything else. To be run by one task.
 */
public final class RangeBoundsOperator extends AbstractStreamOperator<PromptKey>
    implements OneInputStreamOperator<Tuple2<PromptKey, Double>, PromptKey>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  private final int ranges;
  private final List<Tuple2<PromptKey, Double>> samples = new ArrayList<>();

  /**
   * @param ranges how many there are to be
   */
  public RangeBoundsOperator(int ranges) {
    this.ranges = ranges;
  }

  @Override
  public void processElement(StreamRecord<Tuple2<PromptKey, Double>> sample) {
    samples.add(Tuple2.of(sample.getValue().f0, sample.getValue().f1));
  }

  @Override
  public void endInput() {
    bounds(samples, ranges).forEach(bound -> output.collect(new StreamRecord<>(bound)));
  }

  /** At most {@code ranges - 1} keys, ascending, that divide the samples' weight evenly. */
  static List<PromptKey> bounds(List<Tuple2<PromptKey, Double>> samples, int ranges) {
    List<Tuple2<PromptKey, Double>> sorted = new ArrayList<>(samples);
    sorted.sort(Comparator.comparing(sample -> sample.f0));
    double total = sorted.stream().mapToDouble(sample -> sample.f1).sum();
    List<PromptKey> bounds = new ArrayList<>();
    double before = 0;
    for (Tuple2<PromptKey, Double> sample : sorted) {
      if (bounds.size() < ranges - 1 && before >= total * (bounds.size() + 1) / ranges) {
        bounds.add(sample.f0);
      }
      before += sample.f1;
    }
    return bounds;
  }
}
