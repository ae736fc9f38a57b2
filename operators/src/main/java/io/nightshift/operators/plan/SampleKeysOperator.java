package io.nightshift.operators.plan;

import io.nightshift.operators.tokenize.PromptKey;
import io.nightshift.operators.tokenize.PromptKeyTypeInformation;
import io.nightshift.operators.tokenize.RowPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Samples the keys of a task's rows uniformly (reservoir sampling, Vitter, 1985) and emits them at
 * the end, each with the number of rows that it stands for.
 */
public final class SampleKeysOperator extends AbstractStreamOperator<Tuple2<PromptKey, Double>>
    implements OneInputStreamOperator<Tuple2<PromptKey, RowPayload>, Tuple2<PromptKey, Double>>,
        BoundedOneInput {
  private static final long serialVersionUID = 1L;

  public static final TypeInformation<Tuple2<PromptKey, Double>> SAMPLE_TYPE =
      Types.TUPLE(new PromptKeyTypeInformation(), Types.DOUBLE);

  private final int sampleSize;
  private final List<PromptKey> sample = new ArrayList<>();
  private long rows;
  private transient SplittableRandom random;

  /**
   * @param sampleSize most keys that a task emits
   */
  @SuppressWarnings("NullAway.Init") // Flink calls open() first
  public SampleKeysOperator(int sampleSize) {
    this.sampleSize = sampleSize;
  }

  @Override
  public void open() throws Exception {
    super.open();
    // The same for every attempt, so that a plan of the same input is the same.
    random = new SplittableRandom(getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
  }

  @Override
  public void processElement(StreamRecord<Tuple2<PromptKey, RowPayload>> row) {
    rows++;
    if (sample.size() < sampleSize) {
      sample.add(row.getValue().f0);
      return;
    }
    long slot = random.nextLong(rows);
    if (slot < sampleSize) {
      sample.set((int) slot, row.getValue().f0);
    }
  }

  @Override
  public void endInput() {
    double weight = sample.isEmpty() ? 0 : (double) rows / sample.size();
    for (PromptKey key : sample) {
      output.collect(new StreamRecord<>(Tuple2.of(key, weight)));
    }
  }
}
