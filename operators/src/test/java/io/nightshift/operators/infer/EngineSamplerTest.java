package io.nightshift.operators.infer;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.operators.report.EngineSample;
import io.nightshift.operators.report.EngineSeries;
import io.nightshift.runtime.engine.EngineStatistics;
import io.nightshift.runtime.kvcache.HostCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Samples of long runs: whatever is merged, nothing is lost or counted twice. */
class EngineSamplerTest {
  private static final long BEGIN = 1_000_000;

  private final AtomicLong clock = new AtomicLong(BEGIN);
  private final AtomicLong idle = new AtomicLong();
  private final List<EngineSeries> published = new ArrayList<>();
  private final EngineSampler sampler =
      new EngineSampler(
          EngineSeries.beginning(3, 1, "host", "cpu", "bf16"),
          idle::get,
          clock::get,
          published::add);

  @Test
  void samplesOfALongRunAddUpToWhatTheEngineDid() {
    Random random = new Random();
    EngineSample done = EngineSample.NONE;
    EngineStatistics statistics = statistics(0, 0, 0, 0, 0, 0, 0);
    for (int step = 1; step <= 50_000; step++) {
      long millis = 1 + random.nextInt(200);
      long waited = random.nextInt(20) == 0 ? random.nextInt(500) : 0;
      idle.addAndGet(waited);
      clock.addAndGet(millis + waited);
      EngineSample add =
          new EngineSample(
              clock.get(),
              random.nextInt(5),
              20 + random.nextInt(100),
              random.nextInt(20),
              random.nextInt(50),
              1,
              millis * 1_000_000,
              random.nextInt(64),
              random.nextInt(1000),
              random.nextInt(2),
              waited);
      done = done.plus(add);
      statistics =
          statistics(
              add.waitingRequests(),
              add.runningRequests(),
              0,
              done.promptTokens() - done.cachedTokens(),
              done.cachedTokens(),
              done.outputTokens(),
              done.preemptions());
      sampler.stepped(statistics, add.stepNanos());
      for (int row = 0; row < add.rows(); row++) {
        sampler.emitted();
      }
    }
    sampler.end();

    EngineSeries last = published.get(published.size() - 1);
    assertThat(last.total()).isEqualTo(done);
    assertThat(published)
        .allSatisfy(
            series -> assertThat(series.samples()).hasSizeBetween(1, EngineSeries.MAX_SAMPLES - 1));
    assertThat(last.samples()).hasSizeGreaterThanOrEqualTo(EngineSeries.MAX_SAMPLES / 2);
    assertThat(last.samples()).extracting(EngineSample::endMillis).isSorted();
    assertThat(last.startMillis()).isBetween(BEGIN, BEGIN + 500);
  }

  @Test
  void rowsThatNeedNoEngineAreSampledAtTheEnd() {
    sampler.emitted();
    clock.addAndGet(5);
    sampler.emitted();
    sampler.end();
    sampler.end();

    assertThat(published).hasSize(1);
    assertThat(published.get(0).startMillis()).isEqualTo(BEGIN);
    assertThat(published.get(0).samples())
        .containsExactly(new EngineSample(BEGIN + 5, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void rowsBelongToTheStepThatAnsweredThem() {
    for (int step = 1; step <= 3; step++) {
      clock.addAndGet(2_000);
      sampler.stepped(statistics(30 - 10 * step, 1, 10L * step, 0, 0, 0, 0), 2_000_000_000L);
      clock.addAndGet(3);
      for (int row = 0; row < 10; row++) {
        sampler.emitted();
      }
    }
    sampler.end();

    assertThat(published.get(published.size() - 1).samples())
        .containsExactly(
            new EngineSample(BEGIN + 2_003, 10, 0, 0, 0, 1, 2_000_000_000L, 11, 20, 0, 0),
            new EngineSample(BEGIN + 4_006, 10, 0, 0, 0, 1, 2_000_000_000L, 11, 10, 0, 0),
            new EngineSample(BEGIN + 6_009, 10, 0, 0, 0, 1, 2_000_000_000L, 11, 0, 0, 0));
  }

  private static EngineStatistics statistics(
      long waiting,
      long running,
      long finished,
      long prompt,
      long cached,
      long output,
      long preemptions) {
    return new EngineStatistics(
        (int) waiting,
        (int) running,
        finished,
        0,
        0,
        prompt,
        cached,
        output,
        0,
        0,
        0,
        preemptions,
        0,
        0,
        0,
        0,
        HostCounts.NONE);
  }
}
