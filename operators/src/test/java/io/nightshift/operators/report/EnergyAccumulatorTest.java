package io.nightshift.operators.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.energy.EnergyDevice;
import io.nightshift.runtime.energy.EnergyInterval;
import io.nightshift.runtime.energy.MeasuredEnergy;
import java.util.List;
import java.util.Map;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class EnergyAccumulatorTest {
  private static final EnergyDevice GPU = new EnergyDevice(EnergyDevice.Kind.GPU, "GPU-0");
  private static final EnergyDevice CPU = new EnergyDevice(EnergyDevice.Kind.CPU, "package-0");

  private static EnergyAccumulator task(int task, EnergyInterval interval, String cause) {
    EnergyAccumulator accumulator = new EnergyAccumulator();
    accumulator.publish(EnergyReadings.of(task, List.of(), List.of()));
    accumulator.publish(EnergyReadings.of(task, List.of(interval), List.of(cause)));
    return accumulator;
  }

  @Test
  void addsTasksAsFlinkDoes() throws Exception {
    EnergyAccumulator first = task(0, new EnergyInterval(GPU, 0, 2_000, 600), "no RAPL");
    EnergyAccumulator second = task(1, new EnergyInterval(CPU, 0, 1_000, 90), "no RAPL");
    EnergyAccumulator attempt = task(1, new EnergyInterval(CPU, 1_000, 2_000, 10), "no NVML");
    EnergyAccumulator sum = (EnergyAccumulator) InstantiationUtil.clone(first).clone();
    sum.merge(second);
    sum.merge(attempt);

    assertThat(sum.getLocalValue().byTask()).containsOnlyKeys(0, 1);
    assertThat(sum.getLocalValue().byTask().get(1)).hasSize(2);
    MeasuredEnergy total = sum.getLocalValue().total();
    assertThat(total.joules()).isEqualTo(700);
    assertThat(sum.getLocalValue().joulesByTask()).isEqualTo(Map.of(0, 600.0, 1, 100.0));
    assertThat(total.notMeasured()).containsExactly("no NVML", "no RAPL");
    assertThat(first.getLocalValue().total().joules()).isEqualTo(600);
    sum.resetLocal();
    assertThat(sum.getLocalValue()).isEqualTo(EnergyReadings.NONE);
  }
}
