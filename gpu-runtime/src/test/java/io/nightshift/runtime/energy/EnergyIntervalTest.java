package io.nightshift.runtime.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.nightshift.runtime.energy.EnergyDevice.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class EnergyIntervalTest {
  private static final EnergyDevice GPU = new EnergyDevice(Kind.GPU, "GPU-0");
  private static final EnergyDevice OTHER = new EnergyDevice(Kind.GPU, "GPU-1");
  private static final EnergyDevice CPU = new EnergyDevice(Kind.CPU, "package-0");

  @Test
  void enginesThatShareADeviceCountItOnce() {
    MeasuredEnergy energy =
        new MeasuredEnergy(
            List.of(
                new EnergyInterval(GPU, 0, 10_000, 1_000),
                new EnergyInterval(GPU, 5_000, 20_000, 1_500),
                new EnergyInterval(OTHER, 0, 10_000, 700),
                new EnergyInterval(CPU, 0, 20_000, 50),
                new EnergyInterval(CPU, 0, 20_000, 50)),
            List.of());
    assertThat(energy.joules(Kind.GPU)).isCloseTo(1_000 + 1_000 + 700, offset(1e-9));
    assertThat(energy.joules(Kind.CPU)).isCloseTo(50, offset(1e-9));
    assertThat(energy.joules()).isCloseTo(2_750, offset(1e-9));
    assertThat(energy.deviceSeconds(Kind.GPU)).isCloseTo(30, offset(1e-9));
    assertThat(energy.seconds()).isCloseTo(20, offset(1e-9));
  }

  /** Constant power, and intervals of any kind: each millisecond that one covers counts once. */
  @RepeatedTest(200)
  void aUnionHasEachMillisecondOnce() {
    Random random = new Random();
    List<EnergyInterval> intervals = new ArrayList<>();
    boolean[] covered = new boolean[100];
    double watts = 1 + random.nextInt(700);
    for (int i = random.nextInt(8); i > 0; i--) {
      int start = random.nextInt(100);
      int end = start + random.nextInt(100 - start);
      intervals.add(new EnergyInterval(GPU, start, end, watts * (end - start)));
      for (int milli = start; milli < end; milli++) {
        covered[milli] = true;
      }
    }
    int expected = 0;
    for (boolean each : covered) {
      expected += each ? 1 : 0;
    }
    List<EnergyInterval> union = EnergyInterval.union(intervals);
    assertThat(union.stream().mapToDouble(EnergyInterval::joules).sum())
        .isCloseTo(watts * expected, offset(1e-6));
    assertThat(union.stream().mapToDouble(EnergyInterval::seconds).sum() * 1000)
        .isCloseTo(expected, offset(1e-6));
  }

  @Test
  void whatWasMeasuredCoversWhatWasNot() {
    MeasuredEnergy energy =
        new MeasuredEnergy(
                List.of(new EnergyInterval(GPU, 0, 10_000, Double.NaN)), List.of("no counter"))
            .plus(
                new MeasuredEnergy(
                    List.of(new EnergyInterval(GPU, 4_000, 8_000, 400)), List.of("no counter")));
    assertThat(energy.joules(Kind.GPU)).isCloseTo(400, offset(1e-9));
    assertThat(energy.deviceSeconds(Kind.GPU)).isCloseTo(10, offset(1e-9));
    assertThat(energy.joules(Kind.CPU)).isNaN();
    assertThat(energy.notMeasured()).containsExactly("no counter");
    assertThat(MeasuredEnergy.NONE.joules()).isNaN();
  }
}
