package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.runner.DeviceException;
import java.util.List;
import org.junit.jupiter.api.Test;

class GpuGroupTest {
  private static final Gpu FIRST = new Gpu(0, "NVIDIA H200", "a", "0000:1b:00.0", 90, 139L << 30);
  private static final Gpu SECOND = new Gpu(1, "NVIDIA H200", "b", "0000:9a:00.0", 90, 139L << 30);
  private static final Gpu THIRD = new Gpu(2, "NVIDIA H200", "c", "0000:9b:00.0", 90, 139L << 30);
  private static final Gpu OTHER = new Gpu(3, "NVIDIA H100", "d", "0000:9c:00.0", 90, 79L << 30);

  /** As a slice of a GPU has (MIG). */
  private static final Gpu SMALLER = new Gpu(4, "NVIDIA H200", "e", "0000:9d:00.0", 90, 70L << 30);

  @Test
  void isNamedByItsGpus() {
    assertThat(new GpuGroup(List.of(FIRST))).hasToString("GPU 0 (NVIDIA H200)");
    assertThat(new GpuGroup(List.of(THIRD, FIRST))).hasToString("GPUs 2+0 (NVIDIA H200)");
  }

  @Test
  void gpusOfOneKindWithPeerAccessWorkTogether() {
    assertThatCode(() -> new GpuGroup(List.of(FIRST, SECOND)).requireTogether((gpu, peer) -> true))
        .doesNotThrowAnyException();
    assertThatCode(() -> new GpuGroup(List.of(OTHER)).requireTogether((gpu, peer) -> false))
        .doesNotThrowAnyException();
  }

  @Test
  void differentGpusAreRefusedByName() {
    assertThatThrownBy(
            () -> new GpuGroup(List.of(FIRST, OTHER)).requireTogether((gpu, peer) -> true))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith(
            "GPU 0 (NVIDIA H200) with 139.0 GiB and GPU 3 (NVIDIA H100) with 79.0 GiB cannot share")
        .hasMessageEndingWith("Name GPUs of one kind");
    assertThatThrownBy(
            () -> new GpuGroup(List.of(FIRST, SMALLER)).requireTogether((gpu, peer) -> true))
        .hasMessageContaining("GPU 4 (NVIDIA H200) with 70.0 GiB cannot share");
  }

  @Test
  void gpusWithoutAConnectionAreRefusedByName() {
    assertThatThrownBy(
            () ->
                new GpuGroup(List.of(FIRST, SECOND, THIRD))
                    .requireTogether((gpu, peer) -> gpu != 2 || peer != 1))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith(
            "GPU 2 (NVIDIA H200) cannot read the memory of GPU 1 (NVIDIA H200), which ranks")
        .hasMessageContaining("nvidia-smi topo -p2p r");
  }
}
