package io.nightshift.runtime.cuda.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.energy.EnergyDevice;
import io.nightshift.runtime.energy.EnergyMeter;
import io.nightshift.runtime.energy.EnergyNotMeasuredException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NvmlEnergyCounterTest {
  private static final Gpu GPU =
      new Gpu(3, "NVIDIA H200", "GPU-1234", "0000:1b:00.0", 90, 1L << 37);

  private final NvmlEnergyCounter counter =
      new NvmlEnergyCounter(GPU, "libnvidia-ml-of-no-driver.so.1");

  @Test
  void namesTheGpuAndTheLibraryThatIsMissing() {
    assertThat(counter.device()).isEqualTo(new EnergyDevice(EnergyDevice.Kind.GPU, "GPU-1234"));
    assertThatThrownBy(counter::joules)
        .isInstanceOf(EnergyNotMeasuredException.class)
        .hasMessageStartingWith(
            "energy of GPU 3 (NVIDIA H200) not measured: the driver's management library (libnvidia-ml-of-no-driver.so.1) cannot be used: ");
  }

  @Test
  void theTimeOfAGpuWithoutACounterIsKnown() throws InterruptedException {
    EnergyMeter meter = new EnergyMeter(List.of(counter));
    meter.begin();
    Thread.sleep(2);
    meter.stepped(true);
    assertThat(meter.measured().joules()).isNaN();
    assertThat(meter.measured().deviceSeconds(EnergyDevice.Kind.GPU)).isPositive();
    assertThat(meter.measured().notMeasured()).hasSize(1);
  }
}
