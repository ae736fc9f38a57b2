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
 * What an inference task has answered, as accumulators of the job. Flink gives a restarted task
 * empty accumulators; the counts of the checkpoint that it goes back to are in its state, so that
 * the job's result counts each row once.
 */
final class AnswerCounts {
  private final ListState<Tuple2<String, Long>> countState;
  private final ListState<Tuple3<String, Long, List<String>>> errorState;
  private final Map<RunCounter, LongCounter> counters = new EnumMap<>(RunCounter.class);
  private final RowErrors errors = new RowErrors();

  /** Registers the accumulators, with what the state has. */
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

  /** Counts a row that is emitted. */
  void add(Answer answer) {
    add(RunCounter.finished(answer.finishReason()), 1);
    add(RunCounter.PROMPT_TOKENS, answer.promptTokens());
    add(RunCounter.CACHED_TOKENS, answer.cachedTokens());
    add(RunCounter.OUTPUT_TOKENS, answer.outputTokens());
  }

  /** Counts an error that the engine found in a row. */
  void addError(UnitRow row, String code, @Nullable String message) {
    errors.add(code, row.sourceFile(), row.sourceRow(), message);
  }

  /** The errors that the engine has found since the job began; never changed. */
  TreeMap<String, RowErrors.OfCode> errors() {
    return errors.getLocalValue();
  }

  /** Puts the counts into the state. */
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
