package io.nightshift.runtime.cuda.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.cuda.device.KernelLaunch;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code soft_cap.cu} against double precision. */
@Tag("gpu")
class LogitCapTest {
  private static final int ROWS = 3;
  private static final int COLUMNS = 1001;
  private static final float CAP = 30;

  @TempDir Path cacheFolder;

  @Test
  void capsEveryLogit() {
    float[] logits = RandomSums.normal((ROWS + 1) * COLUMNS, new Random());
    for (int i = 0; i < logits.length; i++) {
      logits[i] *= 32;
    }
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
      long address = kernels.floats(logits);
      kernels.begin().address(address).integer(ROWS).integer(COLUMNS).real(CAP);
      kernels.run("soft_cap", Map.of(), KernelLaunch.forItems("soft_cap", ROWS * COLUMNS, 256));

      float[] capped = kernels.readFloats(address, logits.length);
      for (int i = 0; i < logits.length; i++) {
        double expected = i < ROWS * COLUMNS ? CAP * Math.tanh(logits[i] / CAP) : logits[i];
        assertThat((double) capped[i]).isCloseTo(expected, within(1e-4));
      }
    }
  }
}
