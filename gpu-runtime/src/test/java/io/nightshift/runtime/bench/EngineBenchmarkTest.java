package io.nightshift.runtime.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.cpu.CpuModelRunner;
import io.nightshift.runtime.engine.EngineStatistics;
import io.nightshift.runtime.engine.PeriodicAnswers;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.random.ModelShape;
import io.nightshift.runtime.model.random.RandomModelFiles;
import io.nightshift.runtime.runner.FakeModelRunner;
import io.nightshift.runtime.runner.GemmFloor;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineBenchmarkTest {
  private static final int VOCABULARY = 400;
  private static final int BLOCK_SIZE = 16;
  private static final EngineConfig OPTIONS = EngineConfig.cpu().withThreads(1);

  /** A second for each token. */
  private static final GemmFloor SECOND_A_TOKEN = tokens -> tokens;

  /**
   * Every token of the vocabulary ends a sequence: the workload's lengths must hold all the same.
   */
  private static FakeModelRunner runner(int cacheTokens) {
    Integer[] endTokens = new Integer[VOCABULARY];
    for (int token = 0; token < VOCABULARY; token++) {
      endTokens[token] = token;
    }
    ModelConfig config = FakeModelRunner.config(VOCABULARY, 4096, endTokens);
    return new FakeModelRunner(config, cacheTokens / BLOCK_SIZE, BLOCK_SIZE, 256, 1);
  }

  private static Measurement run(
      FakeModelRunner runner, Workload workload, int rows, WorkloadOrder order) {
    return new EngineBenchmark(runner, SECOND_A_TOKEN, OPTIONS).run(workload, rows, order);
  }

  @ParameterizedTest
  @EnumSource
  void everyRowGetsItsNumberOfTokens(WorkloadOrder order) {
    long[] totals = new long[2];
    Workload.DOCQA.generate(
        VOCABULARY,
        20,
        row -> {
          totals[0] += row.promptTokens().length;
          totals[1] += row.outputTokens();
        });

    Measurement measurement = run(runner(100_000), Workload.DOCQA, 20, order);

    assertThat(measurement.rows()).isEqualTo(20);
    assertThat(measurement.promptTokens()).isEqualTo(totals[0]);
    assertThat(measurement.outputTokens()).isEqualTo(totals[1]);
    assertThat(measurement.engine().outputTokens()).isEqualTo(totals[1]);
    assertThat(measurement.engine().failedRequests()).isZero();
    assertThat(measurement.prefilledTokens() + measurement.engine().cachedTokens())
        .isEqualTo(totals[0]);
  }

  @Test
  void theWarmUpLeavesNothingInThePrefixCache() {
    Measurement measurement = run(runner(100_000), Workload.LABEL, 1, WorkloadOrder.GIVEN);

    assertThat(measurement.prefixHitRate()).isZero();
    assertThat(measurement.engine().finishedRequests()).isEqualTo(1);
  }

  @Test
  void theFloorIsThatOfTheTokensThatHadToBeComputed() {
    Measurement measurement = run(runner(100_000), Workload.LABEL, 40, WorkloadOrder.GIVEN);

    // Nothing was computed twice, so that the floor is a second for each token of the run.
    long computed = measurement.prefilledTokens() + 40 * 3;
    assertThat(measurement.gemmFloorSeconds()).isCloseTo(computed, within(50.0));
    assertThat(measurement.gemmFloorShare())
        .isEqualTo(measurement.gemmFloorSeconds() / measurement.seconds());
  }

  @Test
  void sortedRowsFindWhatShuffledRowsHaveLost() {
    FakeModelRunner runner = runner(4096);

    Measurement given = run(runner, Workload.DOCQA, 300, WorkloadOrder.GIVEN);
    Measurement sorted = run(runner, Workload.DOCQA, 300, WorkloadOrder.SORTED);
    Measurement planned = run(runner, Workload.DOCQA, 300, WorkloadOrder.PLANNED);

    assertThat(sorted.prefixHitRate()).isGreaterThan(given.prefixHitRate() + 0.2);
    assertThat(planned.prefilledTokens()).isEqualTo(sorted.prefilledTokens());
    // What was computed again made the run longer, and not its floor.
    double floor = sorted.gemmFloorSeconds();
    assertThat(given.gemmFloorSeconds()).isCloseTo(floor, within(floor / 1e9));
  }

  @Test
  void constrainedRowsAreComparedWithFreeOnesOfTheirLengths() {
    int end = VOCABULARY - 1;
    FakeModelRunner runner =
        new FakeModelRunner(
            FakeModelRunner.config(VOCABULARY, 4096, end), 6_000, BLOCK_SIZE, 256, 1);
    Set<Constraint> compiled = new HashSet<>();
    Supplier<Constraint> constraints =
        () -> {
          Constraint constraint = new PeriodicAnswers(VOCABULARY, Set.of(end), 3, 5);
          compiled.add(constraint);
          return constraint;
        };

    ConstrainedMeasurement runs =
        new EngineBenchmark(runner, SECOND_A_TOKEN, OPTIONS)
            .runConstrained(Workload.EXTRACT, 3, WorkloadOrder.GIVEN, constraints);

    assertThat(compiled).hasSize(3);
    EngineStatistics constrained = runs.constrained().engine();
    assertThat(constrained.outputTokens()).isEqualTo(runs.constrained().outputTokens());
    assertThat(constrained.outputTokens()).isBetween(3L, 3L * 512 - 1);
    assertThat(constrained.forcedTokens()).isZero();
    assertThat(constrained.maskSeconds()).isPositive();
    assertThat(runs.constrained().maskWaitSeconds()).isEqualTo(constrained.maskSeconds());
    assertThat(runs.free().engine().outputTokens()).isEqualTo(constrained.outputTokens());
    assertThat(runs.free().engine().maskSeconds()).isZero();
    assertThat(runs.forced().engine().outputTokens()).isEqualTo(constrained.outputTokens());
    assertThat(runs.forced().engine().forcedTokens()).isPositive();
    assertThat(runs.forced().engine().steps()).isLessThan(constrained.steps());
  }

  @Test
  void embeddingsGenerateNothing() {
    Measurement measurement = run(runner(100_000), Workload.EMBED, 30, WorkloadOrder.GIVEN);

    assertThat(measurement.outputTokens()).isZero();
    assertThat(measurement.engine().outputTokens()).isZero();
    assertThat(measurement.engine().finishedRequests()).isEqualTo(30);
    long cached = measurement.engine().cachedTokens(); // the vocabulary is small
    assertThat(measurement.prefilledTokens() + cached).isEqualTo(measurement.promptTokens());
    assertThat(measurement.gemmFloorSeconds())
        .isCloseTo(measurement.prefilledTokens(), within(50.0));
  }

  @Test
  void theRunnerStaysOpen() {
    FakeModelRunner runner = runner(10_000);

    run(runner, Workload.LABEL, 2, WorkloadOrder.GIVEN);

    assertThat(runner.closed()).isFalse();
  }

  @Test
  void aRowThatCannotBeAnsweredIsAnError() {
    assertThatThrownBy(() -> run(runner(512), Workload.LABEL, 2, WorkloadOrder.GIVEN))
        .isInstanceOf(BenchmarkException.class)
        .hasMessageContaining("row 0 was not answered: ")
        .hasMessageContaining("512");
  }

  @Test
  void runsRandomWeightsOnTheCpu() {
    ModelConfig config =
        ModelShape.llama(
            2,
            32,
            AttentionConfig.plain(4, 2, 8),
            64,
            VOCABULARY,
            4096,
            RopeConfig.unscaled(500_000, 8),
            true,
            Set.of());
    EngineConfig options =
        EngineConfig.cpu()
            .withDtype(DataType.F32)
            .withThreads(2)
            .withKvCacheTokens(16_384)
            .withMaxStepTokens(256);
    try (RandomModelFiles files = new RandomModelFiles("random", config);
        CpuModelRunner runner = new CpuModelRunner(files, options)) {
      Measurement measurement =
          new EngineBenchmark(runner, runner.gemmFloor(), OPTIONS)
              .run(Workload.LABEL, 8, WorkloadOrder.PLANNED);

      assertThat(measurement.engine().outputTokens()).isEqualTo(8 * 4);
      assertThat(measurement.engine().cachedTokens()).isGreaterThanOrEqualTo(6 * 512);
      assertThat(measurement.gemmFloorSeconds()).isPositive().isFinite();
    }
  }
}
