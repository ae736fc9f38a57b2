package io.nightshift.runtime.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.bench.DataParallelBenchmark.Member;
import io.nightshift.runtime.bench.DataParallelBenchmark.Result;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.runner.FakeModelRunner;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataParallelBenchmarkTest {
  private static final int VOCABULARY = 400;
  private static final EngineConfig OPTIONS = EngineConfig.cpu().withThreads(1);

  private static Member<FakeModelRunner> member(int cacheBlocks) {
    FakeModelRunner runner =
        new FakeModelRunner(FakeModelRunner.config(VOCABULARY, 4096, 1), cacheBlocks, 16, 256, 1);
    return new Member<>(runner, tokens -> tokens, OPTIONS, List.of());
  }

  @Test
  void eachEngineAnswersAsMuchAsOneAlone() throws Exception {
    Measurement alone =
        new EngineBenchmark(member(6000).runner(), tokens -> tokens, OPTIONS)
            .run(Workload.DOCQA, 40, WorkloadOrder.PLANNED);
    List<FakeModelRunner> runners;
    Result result;
    try (DataParallelBenchmark<FakeModelRunner> benchmark =
        new DataParallelBenchmark<>(3, engine -> member(6000))) {
      runners = benchmark.runners();
      result = benchmark.run(Workload.DOCQA, 40, WorkloadOrder.PLANNED);
    }

    Measurement total = result.total();
    assertThat(total.rows()).isEqualTo(3 * 40);
    assertThat(total.engine().failedRequests()).isZero();
    assertThat(total.engine().outputTokens()).isEqualTo(total.outputTokens());
    assertThat(total.gemmFloorSeconds())
        .isCloseTo(alone.gemmFloorSeconds(), within(0.1 * alone.gemmFloorSeconds()));
    assertThat(result.engineSeconds()).hasSize(3).allMatch(seconds -> seconds <= total.seconds());
    assertThat(runners).allMatch(FakeModelRunner::closed);
  }

  @Test
  void enginesGetContiguousRowsAndAboutAsMuchToDo() {
    List<Workload.Row> rows = new ArrayList<>();
    Workload.GENERATE.generate(VOCABULARY, 400, rows::add);

    List<List<Workload.Row>> shares = RowShares.deal(rows, 4);

    assertThat(shares.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(rows);
    double mean = TokenCounts.of(rows).required() / 4.0;
    assertThat(shares)
        .allSatisfy(
            share -> {
              assertThat((double) TokenCounts.of(share).required())
                  .isCloseTo(mean, within(0.02 * mean));
              assertThat(rows.indexOf(share.get(9)) - rows.indexOf(share.get(0))).isEqualTo(9);
            });
  }

  @Test
  void aRepetitionHasOtherTextsOfTheSameKind() {
    List<Workload.Row> rows = new ArrayList<>();
    for (int repetition = 0; repetition < 3; repetition++) {
      Workload.DOCQA.generate(VOCABULARY, 2048, repetition, rows::add);
    }

    assertThat(rows.stream().map(Workload.Row::row)).doesNotHaveDuplicates();
    assertThat(TokenCounts.of(rows).required() / 3.0)
        .isCloseTo(TokenCounts.of(rows.subList(0, 2048)).required(), within(20_000.0));
  }

  @Test
  void constrainedAnswersAreMeasuredOnOneEngine() throws Exception {
    try (DataParallelBenchmark<FakeModelRunner> benchmark =
        new DataParallelBenchmark<>(2, engine -> member(100))) {
      assertThatThrownBy(() -> benchmark.run(Workload.EXTRACT, 4, WorkloadOrder.GIVEN))
          .isInstanceOf(BenchmarkException.class)
          .hasMessageContaining("extract is measured on one engine: leave out --gpus");
    }
  }
}
