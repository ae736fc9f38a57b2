package io.nightshift.operators.plan;

import io.nightshift.operators.tokenize.PromptKey;
import io.nightshift.operators.tokenize.PromptKeyTypeInformation;
import io.nightshift.operators.tokenize.RowPayload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.functions.co.BroadcastProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Determines the range of each row's key. For batch mode, in which Flink processes the whole
 * broadcast side (the bounds) before the first row.
 */
public final class AssignRangeFunction
    extends BroadcastProcessFunction<
        Tuple2<PromptKey, RowPayload>, PromptKey, Tuple3<Integer, PromptKey, RowPayload>> {
  private static final long serialVersionUID = 1L;

  /** Flink requires a descriptor of broadcast state; in batch mode it is never restored. */
  public static final MapStateDescriptor<Integer, PromptKey> BOUNDS =
      new MapStateDescriptor<>("bounds", Types.INT, new PromptKeyTypeInformation());

  private final List<PromptKey> bounds = new ArrayList<>();

  @Override
  public void processBroadcastElement(
      PromptKey bound, Context context, Collector<Tuple3<Integer, PromptKey, RowPayload>> rows) {
    bounds.add(bound);
  }

  @Override
  public void processElement(
      Tuple2<PromptKey, RowPayload> row,
      ReadOnlyContext context,
      Collector<Tuple3<Integer, PromptKey, RowPayload>> rows) {
    rows.collect(Tuple3.of(rangeOf(row.f0, bounds), row.f0, row.f1));
  }

  /** The number of bounds, ascending, that are no greater than the key. */
  static int rangeOf(PromptKey key, List<PromptKey> bounds) {
    int index = Collections.binarySearch(bounds, key);
    return index >= 0 ? index + 1 : -index - 1;
  }
}
