package io.nightshift.operators.infer;

import io.nightshift.operators.report.RowErrors;
import io.nightshift.operators.report.RunCounter;
import io.nightshift.runtime.engine.FinishReason;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.jspecify.annotations.Nullable;

/**
 * Counts of answered rows of an inference task, as accumulators of the job. A restarted task has
 * empty accumulators in Flink. The counts are therefore part of the checkpointed state, so that the
 * result of the job counts each row once.
 */
final class AnswerCounts {
  private final ListState<Tuple2<String, Long>> countState;
  private final ListState<Tuple3<String, Long, List<String>>> errorState;
  private final Map<RunCounter, LongCounter> counters = new EnumMap<>(RunCounter.class);
  private final RowErrors errors = new RowErrors();

  /** Registers the accumulators and restores them from the state. */
  AnswerCounts(RuntimeContext context, OperatorStateStore store) throws Exception {
    countState =
        store.getListState(
            new ListStateDescriptor<>("counts", Types.TUPLE(Types.STRING, Types.LONG)));
    errorState =
        store.getListState(
            new ListStateDescriptor<>(
                "errors", Types.TUPLE(Types.STRING, Types.LONG, Types.LIST(Types.STRING))));
    for (FinishReason reason : FinishReason.values()) {
      register(RunCounter.finished(reason), context);
    }
    register(RunCounter.PROMPT_TOKENS, context);
    register(RunCounter.CACHED_TOKENS, context);
    register(RunCounter.OUTPUT_TOKENS, context);
    context.addAccumulator(RowErrors.NAME, errors);
    restore();
  }

  private void register(RunCounter counter, RuntimeContext context) {
    counters.put(counter, counter.register(context));
  }

  private void restore() throws Exception {
    for (Tuple2<String, Long> count : countState.get()) {
      add(RunCounter.valueOf(count.f0), count.f1);
    }
    for (Tuple3<String, Long, List<String>> error : errorState.get()) {
      RowErrors.OfCode rows = new RowErrors.OfCode(error.f1, List.copyOf(error.f2));
      errors.add(new TreeMap<>(Map.of(error.f0, rows)));
    }
  }

  private void add(RunCounter counter, long value) {
    Objects.requireNonNull(counters.get(counter)).add(value);
  }

  /** Counts an emitted row. */
  void add(Answer answer) {
    add(RunCounter.finished(answer.finishReason()), 1);
    add(RunCounter.PROMPT_TOKENS, answer.promptTokens());
    add(RunCounter.CACHED_TOKENS, answer.cachedTokens());
    add(RunCounter.OUTPUT_TOKENS, answer.outputTokens());
  }

  /** Counts a row with an error of the engine. */
  void addError(UnitRow row, String code, @Nullable String message) {
    errors.add(code, row.sourceFile(), row.sourceRow(), message);
  }

  /** Errors of the engine since the start of the job. The returned map is never modified. */
  TreeMap<String, RowErrors.OfCode> errors() {
    return errors.getLocalValue();
  }

  /** Writes the counts to the state. */
  void snapshot() throws Exception {
    List<Tuple2<String, Long>> counts = new ArrayList<>();
    counters.forEach(
        (counter, value) -> counts.add(Tuple2.of(counter.name(), value.getLocalValue())));
    countState.update(counts);
    List<Tuple3<String, Long, List<String>>> codes = new ArrayList<>();
    errors
        .getLocalValue()
        .forEach((code, rows) -> codes.add(Tuple3.of(code, rows.rows(), rows.examples())));
    errorState.update(codes);
  }
}
