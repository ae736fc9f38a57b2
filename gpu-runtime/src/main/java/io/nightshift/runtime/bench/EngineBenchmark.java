package io.nightshift.runtime.bench;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.energy.EnergyCounter;
import io.nightshift.runtime.energy.EnergyMeter;
import io.nightshift.runtime.energy.MeasuredEnergy;
import io.nightshift.runtime.engine.Completion;
import io.nightshift.runtime.engine.EmbeddingParameters;
import io.nightshift.runtime.engine.EngineStatistics;
import io.nightshift.runtime.engine.FinishReason;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.engine.Request;
import io.nightshift.runtime.runner.DeviceTime;
import io.nightshift.runtime.runner.GemmFloor;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs workloads through the engine: greedy, all requests handed in at once. Free answers ignore
 * end-of-sequence tokens and have exactly their row's number of tokens; embeddings have none. Does
 * not close the runner.
 */
public final class EngineBenchmark {
  private static final int WARM_UP_OUTPUT_TOKENS = 4;
  private static final int WARM_UP_CONSTRAINED_ROWS = 32;

  /** Prompt tokens of the warm-up's short rows. */
  private static final int SHORT_PROMPT = 16;

  private final ModelRunner runner;
  private final GemmFloor floor;
  private final EngineConfig config;
  private final List<EnergyCounter> counters;

  public EngineBenchmark(ModelRunner runner, GemmFloor floor, EngineConfig config) {
    this(runner, floor, config, List.of());
  }

  /**
   * @param counters of the energy of the runner's devices
   */
  public EngineBenchmark(
      ModelRunner runner, GemmFloor floor, EngineConfig config, List<EnergyCounter> counters) {
    this.runner = runner;
    this.counters = List.copyOf(counters);
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
    List<Workload.Row> rows = rows(workload, count);
    warmUp(rows, workload);
    return measure(rows, order, requests(workload), config).measurement();
  }

  /** How a workload without constraints asks for its rows. */
  private static Function<Workload.Row, Request> requests(Workload workload) {
    return workload.isEmbedding() ? EngineBenchmark::embedding : EngineBenchmark::free;
  }

  /**
   * Runs a workload three times: constrained, free with the same number of output tokens for each
   * row, and constrained with forced tokens. The answers of the first and the third are the same.
   *
   * @param workload whose output tokens are a maximum
   * @param constraints compiles the constraint; called once for the warm-up and once for each run,
   *     so that each finds its masks itself
   * @throws BenchmarkException if a row could not be answered, with the engine's reason
   */
  public ConstrainedMeasurement runConstrained(
      Workload workload, int count, WorkloadOrder order, Supplier<Constraint> constraints) {
    List<Workload.Row> rows = rows(workload, count);
    warmUp(rows, EngineBenchmark::free);
    List<Workload.Row> some = rows.subList(0, Math.min(rows.size(), WARM_UP_CONSTRAINED_ROWS));
    EngineConfig sampling = config.withForcedTokens(false);
    measure(some, order, constrainedBy(canonical(constraints.get())), sampling);
    Run constrained = measure(rows, order, constrainedBy(canonical(constraints.get())), sampling);
    return new ConstrainedMeasurement(
        constrained.measurement(),
        measure(constrained.rows(), order, EngineBenchmark::free, sampling).measurement(),
        measure(rows, order, constrainedBy(constraints.get()), config.withForcedTokens(true))
            .measurement());
  }

  private Constraint canonical(Constraint constraint) {
    return new CanonicalConstraint(constraint, runner.config().vocabularySize());
  }

  private List<Workload.Row> rows(Workload workload, int count) {
    List<Workload.Row> rows = new ArrayList<>(count);
    workload.generate(runner.config().vocabularySize(), count, rows::add);
    return rows;
  }

  /**
   * A run.
   *
   * @param rows with the number of output tokens that they got
   */
  private record Run(Measurement measurement, List<Workload.Row> rows) {}

  /**
   * Rows that were answered, before anything else is timed.
   *
   * @param rows with the number of output tokens that they got
   * @param seconds that it took
   * @param ended when the last one was answered, as {@link System#nanoTime} counts
   * @param sizes of the steps
   * @param operations of the steps
   * @param energy of the devices
   */
  record Answered(
      List<Workload.Row> rows,
      double seconds,
      long ended,
      StepSizes sizes,
      StepOperations operations,
      Optional<DeviceTime> deviceTime,
      MeasuredEnergy energy,
      EngineStatistics engine) {}

  private Run measure(
      List<Workload.Row> rows,
      WorkloadOrder order,
      Function<Workload.Row, Request> requests,
      EngineConfig options) {
    List<Workload.Row> handedIn = order == WorkloadOrder.SORTED ? order.apply(rows) : rows;
    Answered answered = answer(handedIn, order, requests, options);
    return new Run(measurement(answered), answered.rows());
  }

  /**
   * Answers rows of a workload without constraints.
   *
   * @param handedIn sorted if the order is {@link WorkloadOrder#SORTED}
   */
  Answered answer(List<Workload.Row> handedIn, WorkloadOrder order, Workload workload) {
    return answer(handedIn, order, requests(workload), config);
  }

  private Answered answer(
      List<Workload.Row> handedIn,
      WorkloadOrder order,
      Function<Workload.Row, Request> requests,
      EngineConfig options) {
    RecordingRunner recording = new RecordingRunner(runner);
    Map<Long, Integer> lengths = new HashMap<>();
    try (LlmEngine engine = engine(recording, options)) {
      EnergyMeter energy = new EnergyMeter(counters);
      energy.begin();
      long start = System.nanoTime();
      Optional<DeviceTime> first =
          answer(
              engine,
              energy,
              order == WorkloadOrder.PLANNED ? order.apply(handedIn) : handedIn,
              requests,
              completion -> lengths.put(completion.id(), completion.outputTokens().length));
      long ended = System.nanoTime();
      energy.read();
      List<Workload.Row> answered =
          handedIn.stream()
              .map(
                  row ->
                      new Workload.Row(
                          row.row(), row.promptTokens(), lengths.getOrDefault((long) row.row(), 0)))
              .toList();
      return new Answered(
          answered,
          (ended - start) / 1e9,
          ended,
          recording.sizes(),
          recording.operations(),
          runner.deviceTime().map(time -> time.since(first.orElseThrow())),
          energy.measured(),
          engine.statistics());
    }
  }

  /** Times the matrix products of the steps in which rows were answered. */
  Measurement measurement(Answered answered) {
    TokenCounts tokens = TokenCounts.of(answered.rows());
    return new Measurement(
        answered.rows().size(),
        answered.seconds(),
        tokens.prompt(),
        tokens.output(),
        answered.sizes().floorSeconds(floor, tokens.required()),
        answered.operations().linear(tokens.required()),
        answered.operations().attention(),
        answered.deviceTime(),
        answered.energy(),
        answered.engine());
  }

  /** Warms up for the rows of a workload without constraints. */
  void warmUp(List<Workload.Row> rows, Workload workload) {
    warmUp(rows, requests(workload));
  }

  /**
   * Runs a largest step of whole rows, or of the beginning of one, and one of many short ones, for
   * the device and for Java's compiler, which goes by how often code runs. In an engine of their
   * own, so that the measured one begins with no prefix.
   */
  private void warmUp(List<Workload.Row> rows, Function<Workload.Row, Request> requests) {
    List<Workload.Row> warming = new ArrayList<>();
    int tokens = 0;
    for (Workload.Row row : rows) {
      if (tokens >= 2 * runner.maxStepTokens()) {
        break;
      }
      int[] prompt = row.promptTokens();
      if (prompt.length > runner.maxStepTokens()) {
        prompt = Arrays.copyOf(prompt, runner.maxStepTokens());
      }
      if (tokens >= runner.maxStepTokens()) {
        prompt = Arrays.copyOfRange(prompt, prompt.length - SHORT_PROMPT, prompt.length);
      }
      int output = Math.min(row.outputTokens(), WARM_UP_OUTPUT_TOKENS);
      warming.add(new Workload.Row(row.row(), prompt, output));
      tokens += prompt.length;
    }
    try (LlmEngine engine = engine(new RecordingRunner(runner), config)) {
      answer(engine, new EnergyMeter(List.of()), warming, requests, completion -> {});
    }
  }

  private static LlmEngine engine(RecordingRunner lent, EngineConfig options) {
    return new LlmEngine(lent, tokens -> "", options);
  }

  /** Returns the device's time when it had done the first step: what came before is no pause. */
  private Optional<DeviceTime> answer(
      LlmEngine engine,
      EnergyMeter energy,
      List<Workload.Row> rows,
      Function<Workload.Row, Request> requests,
      Consumer<Completion> completions) {
    for (Workload.Row row : rows) {
      engine.add(requests.apply(row));
    }
    Optional<DeviceTime> before = runner.deviceTime();
    Optional<DeviceTime> first = before;
    while (engine.hasUnfinished()) {
      for (Completion completion : engine.step()) {
        requireAnswer(completion);
        completions.accept(completion);
      }
      boolean last = false;
      energy.stepped(last);
      if (first.equals(before)) {
        first = runner.deviceTime();
      }
    }
    return first;
  }

  private static Request free(Workload.Row row) {
    boolean ignoreEndOfSequence = true;
    SamplingParameters greedy =
        new SamplingParameters(
            0, 0, 1, 0, 1, 0, row.outputTokens(), List.of(), ignoreEndOfSequence, false);
    return new Request(row.row(), row.promptTokens(), greedy, Optional.empty());
  }

  private static Request embedding(Workload.Row row) {
    int allDimensions = 0;
    boolean normalize = true;
    return Request.embedding(
        row.row(),
        row.promptTokens(),
        new EmbeddingParameters(EmbeddingParameters.Pooling.LAST, allDimensions, normalize));
  }

  private static Function<Workload.Row, Request> constrainedBy(Constraint constraint) {
    return row ->
        new Request(
            row.row(),
            row.promptTokens(),
            SamplingParameters.greedy(row.outputTokens()),
            Optional.empty(),
            Optional.of(constraint));
  }

  private static void requireAnswer(Completion completion) {
    if (completion.finishReason() == FinishReason.ERROR) {
      throw new BenchmarkException(
          "row " + completion.id() + " was not answered: " + completion.errorMessage());
    }
  }
}
