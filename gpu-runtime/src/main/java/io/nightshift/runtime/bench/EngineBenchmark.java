package io.nightshift.runtime.bench;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.engine.Completion;
import io.nightshift.runtime.engine.FinishReason;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.engine.Request;
import io.nightshift.runtime.runner.DeviceTime;
import io.nightshift.runtime.runner.GemmFloor;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Runs workloads through the engine: greedy, end-of-sequence tokens ignored, each row exactly its
 * number of output tokens, all requests handed in at once. Does not close the runner.
 */
public final class EngineBenchmark {
  private static final int WARM_UP_OUTPUT_TOKENS = 4;

  /** Prompt tokens of the warm-up's short rows. */
  private static final int SHORT_PROMPT = 16;

  private final ModelRunner runner;
  private final GemmFloor floor;
  private final EngineConfig config;

  public EngineBenchmark(ModelRunner runner, GemmFloor floor, EngineConfig config) {
    this.runner = runner;
    this.floor = new InterpolatedFloor(floor, runner.maxStepTokens());
    this.config = config;
  }

  /**
   * Warms up, measures, and then times the matrix products for the floor.
   *
   * @param count first rows of the workload to run
   * @throws BenchmarkException if a row could not be answered in full, with the engine's reason
   */
  public Measurement run(Workload workload, int count, WorkloadOrder order) {
    List<Workload.Row> rows = new ArrayList<>(count);
    workload.generate(runner.config().vocabularySize(), count, rows::add);
    warmUp(rows);
    List<Workload.Row> handedIn = order == WorkloadOrder.SORTED ? order.apply(rows) : rows;
    RecordingRunner recording = new RecordingRunner(runner);
    try (LlmEngine engine = engine(recording)) {
      long start = System.nanoTime();
      Optional<DeviceTime> first =
          answer(engine, order == WorkloadOrder.PLANNED ? order.apply(handedIn) : handedIn);
      double seconds = (System.nanoTime() - start) / 1e9;
      TokenCounts tokens = TokenCounts.of(rows);
      return new Measurement(
          rows.size(),
          seconds,
          tokens.prompt(),
          tokens.output(),
          recording.sizes().floorSeconds(floor, tokens.required()),
          runner.deviceTime().map(time -> time.since(first.orElseThrow())),
          engine.statistics());
    }
  }

  /**
   * Runs a largest step of whole rows and one of many short ones, for the device and for Java's
   * compiler, which goes by how often code runs. In an engine of their own, so that the measured
   * one begins with no prefix.
   */
  private void warmUp(List<Workload.Row> rows) {
    List<Workload.Row> warming = new ArrayList<>();
    int tokens = 0;
    for (Workload.Row row : rows) {
      if (tokens >= 2 * runner.maxStepTokens()) {
        break;
      }
      int[] prompt = row.promptTokens();
      if (tokens >= runner.maxStepTokens()) {
        prompt = Arrays.copyOfRange(prompt, prompt.length - SHORT_PROMPT, prompt.length);
      }
      int output = Math.min(row.outputTokens(), WARM_UP_OUTPUT_TOKENS);
      warming.add(new Workload.Row(row.row(), prompt, output));
      tokens += prompt.length;
    }
    try (LlmEngine engine = engine(new RecordingRunner(runner))) {
      answer(engine, warming);
    }
  }

  private LlmEngine engine(RecordingRunner lent) {
    return new LlmEngine(lent, tokens -> "", config);
  }

  /** Returns the device's time when it had done the first step: what came before is no pause. */
  private Optional<DeviceTime> answer(LlmEngine engine, List<Workload.Row> rows) {
    for (Workload.Row row : rows) {
      engine.add(request(row));
    }
    Optional<DeviceTime> before = runner.deviceTime();
    Optional<DeviceTime> first = before;
    while (engine.hasUnfinished()) {
      engine.step().forEach(EngineBenchmark::requireAnswer);
      if (first.equals(before)) {
        first = runner.deviceTime();
      }
    }
    return first;
  }

  private static Request request(Workload.Row row) {
    boolean ignoreEndOfSequence = true;
    SamplingParameters greedy =
        new SamplingParameters(
            0, 0, 1, 0, 1, 0, row.outputTokens(), List.of(), ignoreEndOfSequence, false);
    return new Request(row.row(), row.promptTokens(), greedy, Optional.empty());
  }

  private static void requireAnswer(Completion completion) {
    if (completion.finishReason() == FinishReason.ERROR) {
      throw new BenchmarkException(
          "row " + completion.id() + " was not answered: " + completion.errorMessage());
    }
  }
}
