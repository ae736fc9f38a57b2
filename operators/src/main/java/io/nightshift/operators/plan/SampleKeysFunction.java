package io.nightshift.operators.plan;

import io.nightshift.operators.tokenize.PromptKey;
import io.nightshift.operators.tokenize.RowPayload;
import java.util.SplittableRandom;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.util.Collector;

/**
 * Samples the keys of rows, each with the same probability, so that the sample does not depend on
 * the number of tasks and on how rows are distributed among them.
 */
public final class SampleKeysFunction
    extends RichFlatMapFunction<Tuple2<PromptKey, RowPayload>, PromptKey> {
  private static final long serialVersionUID = 1L;

  private final double probability;
  private transient SplittableRandom random;

  /**
   * @param probability that a row's key is in the sample
   */
  @SuppressWarnings("NullAway.Init") // Flink calls open() first
  public SampleKeysFunction(double probability) {
    this.probability = probability;
  }

  @Override
  public void open(OpenContext context) {
    // The same seed for every attempt, so that the same input gives the same plan.
    random = new SplittableRandom(getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
  }

  @Override
  public void flatMap(Tuple2<PromptKey, RowPayload> row, Collector<PromptKey> sample) {
    if (random.nextDouble() < probability) {
      sample.collect(row.f0);
    }
  }
}
