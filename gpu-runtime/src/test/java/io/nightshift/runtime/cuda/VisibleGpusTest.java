package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.config.GpuSelection;
import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.runner.DeviceException;
import java.util.List;
import org.junit.jupiter.api.Test;

class VisibleGpusTest {
  private static final Gpu FIRST = new Gpu(0, "NVIDIA H200", "a", "0000:1b:00.0", 90, 1L << 37);
  private static final Gpu SECOND = new Gpu(1, "NVIDIA L4", "b", "0000:9a:00.0", 89, 1L << 34);
  private static final VisibleGpus TWO = new VisibleGpus(List.of(FIRST, SECOND));

  @Test
  void selectsInTheOrderOfTheSelection() {
    assertThat(TWO.select(GpuSelection.ALL)).containsExactly(FIRST, SECOND);
    assertThat(TWO.select(new GpuSelection.Count(1))).containsExactly(FIRST);
    assertThat(TWO.select(new GpuSelection.Indexes(List.of(1, 0)))).containsExactly(SECOND, FIRST);
  }

  @Test
  void namesWhatThereIsIfOneIsMissing() {
    assertThatThrownBy(() -> TWO.select(new GpuSelection.Count(3)))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith(
            "there are not 3 GPUs: the driver shows GPU 0 (NVIDIA H200), GPU 1 (NVIDIA L4)");
    assertThatThrownBy(() -> TWO.select(new GpuSelection.Indexes(List.of(0, 2))))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith("there is no GPU 2: the driver shows GPU 0 (NVIDIA H200), ");
    assertThatThrownBy(() -> new VisibleGpus(List.of()).select(GpuSelection.ALL))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith("there is no GPU: the driver shows none");
  }
}
