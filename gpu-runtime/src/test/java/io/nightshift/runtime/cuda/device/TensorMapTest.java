package io.nightshift.runtime.cuda.device;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.runner.DeviceException;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("gpu")
class TensorMapTest {

  @Test
  void saysWhatTheDriverDoesNotTake() {
    try (CudaDevice device = CudaDevice.open(0);
        DeviceMemory memory = new DeviceMemory(device, "a matrix", 1 << 20)) {
      long odd = memory.address() + 8;
      DeviceMatrix matrix = new DeviceMatrix(odd, 1000, 64, DeviceElementType.BF16);

      assertThatThrownBy(() -> new TensorMap(device, matrix, 128))
          .isInstanceOf(DeviceException.class)
          .hasMessageStartingWith("GPU 0 (")
          .hasMessageContaining(
              String.format(
                  Locale.ROOT,
                  "cuTensorMapEncodeTiled(BF16 [1000, 64] at %#x, boxes of [128, 64]) failed: ",
                  odd))
          .hasMessageContaining("CUDA_ERROR_");
    }
  }
}
