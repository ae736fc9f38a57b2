package io.nightshift.job.report.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.job.report.Timeline;
import io.nightshift.operators.report.EngineSample;
import io.nightshift.operators.report.EngineSeries;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

class TimelinesTest {
  private static final long BEGIN = 1_700_000_000_000L;

  private final Random random = new Random();

  @Test
  void nothingIsLostWhenEnginesAreAddedUp() {
    List<EngineSeries> engines = new ArrayList<>();
    for (int task = 0; task < 5; task++) {
      engines.add(engine(task, BEGIN + random.nextInt(60_000), 1 + random.nextInt(100)));
    }
    Timeline timeline = Timelines.of(engines);

    double width = timeline.seconds()[0];
    assertThat(timeline.seconds()).isSorted().hasSizeBetween(1, 150);
    assertSum(engines, EngineSample::rows, timeline.rowsPerSecond(), width);
    assertSum(engines, EngineSample::promptTokens, timeline.promptTokensPerSecond(), width);
    assertSum(engines, EngineSample::outputTokens, timeline.outputTokensPerSecond(), width);
    for (double rate : timeline.cacheHitRate()) {
      assertThat(Double.isNaN(rate) || (rate >= 0 && rate <= 1)).isTrue();
    }
  }

  @Test
  void enginesAtTheSameTimeRunTheSumOfTheirRequests() {
    List<EngineSeries> engines = List.of(steady(0, 30, 7), steady(1, 12, 3));
    Timeline timeline = Timelines.of(engines);
    for (int i = 0; i < timeline.seconds().length; i++) {
      assertThat(timeline.runningRequests()[i]).isCloseTo(42, within(1e-6));
      assertThat(timeline.waitingRequests()[i]).isCloseTo(10, within(1e-6));
      assertThat(timeline.stepMillis()[i]).isCloseTo(20, within(1e-6));
    }
  }

  @Test
  void withoutSamplesItIsEmpty() {
    assertThat(Timelines.of(List.of())).isEqualTo(Timeline.EMPTY);
    assertThat(Timelines.of(List.of(EngineSeries.beginning(0, 0, "h", "cpu", "bf16"))))
        .isEqualTo(Timeline.EMPTY);
  }

  private static void assertSum(
      List<EngineSeries> engines, ToLongFunction<EngineSample> of, double[] rates, double width) {
    double sum = 0;
    for (double rate : rates) {
      sum += rate * width;
    }
    long expected = engines.stream().mapToLong(engine -> of.applyAsLong(engine.total())).sum();
    assertThat(sum).isCloseTo(expected, within(1e-6 * expected));
  }

  private EngineSeries engine(int task, long start, int count) {
    List<EngineSample> samples = new ArrayList<>();
    long end = start;
    for (int i = 0; i < count; i++) {
      end += random.nextInt(10) == 0 ? 0 : random.nextInt(5_000);
      int prompt = random.nextInt(1000);
      samples.add(
          new EngineSample(
              end,
              random.nextInt(50),
              prompt,
              random.nextInt(prompt + 1),
              random.nextInt(300),
              1 + random.nextInt(9),
              random.nextInt(1_000_000),
              random.nextInt(64),
              random.nextInt(64),
              0,
              0));
    }
    return EngineSeries.beginning(task, 0, "host", "cpu", "bf16").with(start, samples);
  }

  /** Steps of 20 ms, 100 in each of 20 samples of 2 s. */
  private static EngineSeries steady(int task, int running, int waiting) {
    List<EngineSample> samples = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      samples.add(
          new EngineSample(
              BEGIN + i * 2000L,
              9,
              9,
              0,
              9,
              100,
              100 * 20_000_000L,
              running * 100L,
              waiting * 100L,
              0,
              0));
    }
    return EngineSeries.beginning(task, 0, "host", "cpu", "bf16").with(BEGIN, samples);
  }
}
