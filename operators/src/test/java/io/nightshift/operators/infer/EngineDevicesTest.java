package io.nightshift.operators.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.config.GpuSelection;
import io.nightshift.runtime.cuda.GpuGroup;
import io.nightshift.runtime.cuda.GpuGroups;
import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.runner.DeviceException;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineDevicesTest {
  private static final Gpu H200 = new Gpu(0, "NVIDIA H200", "a", "0000:1b:00.0", 90, 139L << 30);
  private static final Gpu OTHER = new Gpu(1, "NVIDIA H200", "b", "0000:9a:00.0", 90, 139L << 30);
  private static final Gpu NEXT = new Gpu(2, "NVIDIA H200", "d", "0000:9c:00.0", 90, 139L << 30);
  private static final List<Gpu> THREE = List.of(H200, OTHER, NEXT);
  private static final Gpu L4 = new Gpu(2, "NVIDIA L4", "c", "0000:9b:00.0", 89, 22L << 30);

  @Test
  void gpusOfOneKindNeedNoNotice() {
    EngineDevices devices = HostGpus.devices(GpuGroups.of(List.of(H200, OTHER), 1));

    assertThat(devices.names()).containsExactly("GPU 0 (NVIDIA H200)", "GPU 1 (NVIDIA H200)");
    assertThat(devices.notices()).isEmpty();
    assertThat(devices.engines()).isEqualTo(2);
    assertThat(devices.areExclusive()).isTrue();
  }

  @Test
  void gpusOfDifferentKindsAreNamed() {
    assertThat(HostGpus.devices(GpuGroups.of(List.of(H200, OTHER, L4), 1)).notices())
        .singleElement()
        .asString()
        .startsWith(
            "GPUs of different kinds (NVIDIA H200, 139.0 GiB; NVIDIA L4, 22.0 GiB): each gets as many");
  }

  @Test
  void enginesOfSeveralGpusNameThemAndWhatIsLeftOver() {
    EngineDevices devices =
        HostGpus.devices(HostGpus.divided(GpuSelection.parse("[0, 1, 2]"), THREE, 2));

    assertThat(devices.names()).containsExactly("GPUs 0+1 (NVIDIA H200)");
    assertThat(devices.notices())
        .containsExactly(
            "GPU 2 (NVIDIA H200) is left over: an engine has 2 GPUs (engine.tensor-parallel)");
    assertThat(devices.engines()).isEqualTo(1);
  }

  @Test
  void fewerGpusThanAnEngineHasAreRefused() {
    assertThatThrownBy(() -> HostGpus.divided(GpuSelection.ALL, THREE, 4))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "engine.tensor-parallel is 4, but engine.gpus (all) gives fewer GPUs (GPU 0 (NVIDIA H200),"
                + " GPU 1 (NVIDIA H200), GPU 2 (NVIDIA H200)): set engine.tensor-parallel to 3 at"
                + " most, or use more GPUs");
  }

  @Test
  void theGpusOfATaskManagerAreForWholeEngines() {
    assertThat(HostGpus.assigned(List.of(H200, OTHER), 2))
        .extracting(GpuGroup::indexes)
        .containsExactly(List.of(0, 1));
    assertThat(HostGpus.assigned(THREE, 1)).hasSize(3);
    for (int degree : new int[] {2, 4}) {
      assertThatThrownBy(() -> HostGpus.assigned(THREE, degree))
          .isInstanceOf(DeviceException.class)
          .hasMessageStartingWith(
              "engine.tensor-parallel is %s, but Flink has assigned 3 GPUs to this TaskManager"
                  .formatted(degree))
          .hasMessageEndingWith(
              "set external-resource.gpu.amount to a multiple of %1$s, and taskmanager.numberOfTaskSlots to that amount / %1$s"
                  .formatted(degree));
    }
  }

  @Test
  void enginesWithoutDevicesShareTheProcessors() {
    assertThat(EngineDevices.SHARED.engines()).isEqualTo(1);
    assertThat(EngineDevices.SHARED.areExclusive()).isFalse();
  }
}
