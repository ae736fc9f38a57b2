package io.nightshift.operators.infer;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.cuda.device.Gpu;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineDevicesTest {
  private static final Gpu H200 = new Gpu(0, "NVIDIA H200", "a", "0000:1b:00.0", 90, 139L << 30);
  private static final Gpu OTHER = new Gpu(1, "NVIDIA H200", "b", "0000:9a:00.0", 90, 139L << 30);
  private static final Gpu L4 = new Gpu(2, "NVIDIA L4", "c", "0000:9b:00.0", 89, 22L << 30);

  @Test
  void gpusOfOneKindNeedNoNotice() {
    EngineDevices devices = HostGpus.devices(List.of(H200, OTHER));

    assertThat(devices.names()).containsExactly("GPU 0 (NVIDIA H200)", "GPU 1 (NVIDIA H200)");
    assertThat(devices.notices()).isEmpty();
    assertThat(devices.engines()).isEqualTo(2);
    assertThat(devices.areExclusive()).isTrue();
  }

  @Test
  void gpusOfDifferentKindsAreNamed() {
    assertThat(HostGpus.devices(List.of(H200, OTHER, L4)).notices())
        .singleElement()
        .asString()
        .startsWith(
            "GPUs of different kinds (NVIDIA H200, 139.0 GiB; NVIDIA L4, 22.0 GiB): each gets as many");
  }

  @Test
  void enginesWithoutDevicesShareTheProcessors() {
    assertThat(EngineDevices.SHARED.engines()).isEqualTo(1);
    assertThat(EngineDevices.SHARED.areExclusive()).isFalse();
  }
}
