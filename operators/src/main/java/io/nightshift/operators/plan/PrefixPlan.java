package io.nightshift.operators.plan;

import io.nightshift.operators.tokenize.PromptKey;
import io.nightshift.operators.tokenize.PromptKeyTypeInformation;
import io.nightshift.operators.tokenize.RowPayload;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.operators.Order;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Sorts the rows of a whole data set by their token ids and cuts them into work units, in batch
 * mode: samples keys, divides the order into one range per task, and sorts each range with Flink's
 * external sort.
 */
public final class PrefixPlan {
  /** With this many sampled keys per range, the sizes of ranges differ by about 7%. */
  private static final int SAMPLES_A_RANGE = 200;

  private PrefixPlan() {}

  /**
   * @param prompts rows with the token ids of their prompts
   * @param rows approximate number of rows
   * @param folder of the plan
   * @param kept schema of the kept input columns
   * @param unitTokens target cost of a unit, see {@link
   *     io.nightshift.connectors.units.WorkUnitCutter}
   * @param tokensOfAnswer expected tokens of an answer, at least 1
   * @return the ranges, whose units have been written to the folder
   */
  public static SingleOutputStreamOperator<PlannedRange> of(
      SingleOutputStreamOperator<Tuple2<PromptKey, RowPayload>> prompts,
      long rows,
      Path folder,
      Schema kept,
      long unitTokens,
      int tokensOfAnswer) {
    int ranges = prompts.getExecutionEnvironment().getParallelism();
    double probability = ranges == 1 ? 0 : (double) SAMPLES_A_RANGE * ranges / Math.max(1, rows);
    DataStream<PromptKey> bounds =
        prompts
            .flatMap(new SampleKeysFunction(probability))
            .returns(new PromptKeyTypeInformation())
            .name("sample")
            .transform(
                "find bounds of ranges",
                new PromptKeyTypeInformation(),
                new RangeBoundsOperator(ranges))
            .setParallelism(1);

    return prompts
        .connect(bounds.broadcast(AssignRangeFunction.BOUNDS))
        .process(new AssignRangeFunction(), PlannedPrompt.TYPE)
        .name("find the range")
        .partitionCustom((range, count) -> range, row -> row.f0)
        .map(row -> row)
        .returns(PlannedPrompt.TYPE)
        .name("gather a range")
        .fullWindowPartition()
        .sortPartition(PlannedPrompt.KEY_FIELD, Order.ASCENDING)
        .name("sort by tokens")
        .transform(
            "cut work units",
            TypeInformation.of(PlannedRange.class),
            new CutUnitsOperator(folder, kept, unitTokens, tokensOfAnswer));
  }
}
