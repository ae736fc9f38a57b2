package io.nightshift.runtime.energy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EnergyMeterTest {
  private static final EnergyDevice GPU = new EnergyDevice(EnergyDevice.Kind.GPU, "GPU-0");

  /** A device of 100 W, whose counter may fail. */
  private final class HundredWatts implements EnergyCounter {
    private int readings;

    @Override
    public EnergyDevice device() {
      return GPU;
    }

    @Override
    public double joules() throws EnergyNotMeasuredException {
      readings++;
      if (millis >= failsAt) {
        throw new EnergyNotMeasuredException("energy of GPU 0 not measured: it is gone");
      }
      return 5_000 + millis / 10.0;
    }
  }

  private long millis = 1_000_000;
  private long failsAt = Long.MAX_VALUE;
  private final HundredWatts counter = new HundredWatts();
  private final EnergyMeter meter = new EnergyMeter(List.of(counter), () -> millis);

  @Test
  void measuresFromTheFirstStepToTheLast() {
    meter.read();
    assertThat(meter.measured()).isEqualTo(MeasuredEnergy.NONE);
    millis += 500;
    meter.begin();
    long first = millis;
    millis += 2_000;
    meter.begin();
    meter.stepped(false);
    assertThat(meter.measured().intervals())
        .containsExactly(new EnergyInterval(GPU, first, first, 0));
    millis += 1_000;
    meter.stepped(true);
    millis += 60_000; // Nothing to do.
    assertThat(meter.measured().intervals())
        .containsExactly(new EnergyInterval(GPU, first, first + 3_000, 300));
    millis += 2_000;
    meter.read();
    assertThat(meter.measured().joules()).isEqualTo(6_500);
  }

  @Test
  void aBusyEngineIsReadNowAndThen() {
    meter.begin();
    for (int step = 0; step < 1_000; step++) {
      millis += 100;
      meter.stepped(false);
    }
    assertThat(counter.readings).isEqualTo(11);
    assertThat(meter.measured().joules()).isEqualTo(10_000);
  }

  @Test
  void aCounterThatFailsIsNotMeasured() {
    failsAt = millis + 5_000;
    meter.begin();
    millis += 20_000;
    meter.read();
    meter.read();
    assertThat(meter.measured().notMeasured())
        .containsExactly("energy of GPU 0 not measured: it is gone");
    assertThat(meter.measured().joules()).isNaN();
    assertThat(meter.measured().deviceSeconds(EnergyDevice.Kind.GPU)).isEqualTo(20);
    assertThat(counter.readings).isEqualTo(2);
  }
}
