package io.nightshift.job.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.job.options.JobSpecification.Engine;
import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.runner.DeviceException;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.junit.jupiter.api.Test;

class TaskManagerOptionsTest {
  private static final String MIXED = "engine.mixed-devices=true";

  @Test
  void withoutKeysOfItsOwnATaskManagerHasTheDeviceOfTheJob() {
    for (Engine engine : List.of(cuda(), cuda(MIXED))) {
      assertThat(on(Map.of("taskmanager.numberOfTaskSlots", "1"), engine))
          .isEqualTo(engine.config());
      assertThat(
              on(
                  Map.of("nightshift.model.device", "cuda", "nightshift.model.dtype", "fp8"),
                  engine))
          .isEqualTo(engine.config());
    }
  }

  @Test
  void aTaskManagerOfAnotherDeviceHasThatDevicesDefaultsAndTheJobsOptions() {
    Engine engine =
        cuda(
            MIXED,
            "engine.fp8-kv-cache=true",
            "engine.gpus=[1]",
            "engine.threads=3",
            "engine.block-size=32");
    EngineConfig own =
        on(Map.of("nightshift.model.device", "cpu", "nightshift.model.dtype", "f32"), engine);

    assertThat(own)
        .isEqualTo(EngineConfig.cpu().withDtype(DataType.F32).withThreads(3).withBlockSize(32));
    assertThat(engine.config().fp8KvCache()).isTrue();
  }

  @Test
  void onlyThePrecisionMayDiffer() {
    assertThat(on(Map.of("nightshift.model.dtype", "bf16"), cuda(MIXED)))
        .isEqualTo(cuda(MIXED).config().withDtype(DataType.BF16));
  }

  @Test
  void anotherDeviceIsRefusedUnlessTheJobAllowsIt() {
    assertThatThrownBy(() -> on(Map.of("nightshift.model.device", "cpu"), bf16()))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining(
            "the TaskManager on host-7 answers on cpu in bf16 (nightshift.model.device)")
        .hasMessageContaining("the job on cuda in bf16")
        .hasMessageContaining("engine.mixed-devices: true");
  }

  @Test
  void aPrecisionThatTheDeviceDoesNotHaveIsRefused() {
    assertThatThrownBy(() -> on(Map.of("nightshift.model.device", "cpu"), cuda(MIXED)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("does not have the precision fp8")
        .hasMessageContaining("set nightshift.model.dtype to bf16");
  }

  @Test
  void unknownKeysAreRefusedWithTheNearestOne() {
    assertThatThrownBy(() -> on(Map.of("nightshift.model.devise", "cpu"), cuda()))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessageContaining("nightshift.model.devise")
        .hasMessageContaining("did you mean nightshift.model.device?");
    assertThatThrownBy(() -> on(Map.of("nightshift.x", "cpu"), cuda()))
        .hasMessageContaining("it may have nightshift.model.device and nightshift.model.dtype");
    assertThatThrownBy(() -> on(Map.of("nightshift.model.device", "gpu"), cuda()))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessage(
            "nightshift.model.device is gpu in the TaskManager's configuration, but must be one of"
                + " cpu, cuda");
  }

  @Test
  void mixedDevicesHaveNoCommonSlot() {
    assertThatThrownBy(
            () ->
                cuda(
                    MIXED,
                    "engine.slot-cpu-cores=2",
                    "engine.slot-heap-memory=1g",
                    "engine.slot-off-heap-memory=1g"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("engine.mixed-devices")
        .hasMessageContaining("engine.slot-");
  }

  private static EngineConfig on(Map<String, String> taskManager, Engine engine) {
    return TaskManagerOptions.engine(
        Configuration.fromMap(taskManager), "host-7", engine.config(), engine.mixedDevices());
  }

  private static Engine bf16() {
    return JobSpecification.parseEngine(Device.CUDA, DataType.BF16, List.of());
  }

  private static Engine cuda(String... overrides) {
    return JobSpecification.parseEngine(Device.CUDA, DataType.FP8, List.of(overrides));
  }
}
