package io.nightshift.runtime.cuda.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.cuda.device.CachedCompiler;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.model.Activation;
import org.junit.jupiter.api.Test;

/** Whether {@link FusedGateUpShape} and the kernel's source have the same geometry. */
class FusedGateUpShapeTest {
  private static final FusedGateUpShape LARGE = new FusedGateUpShape(4096, 14_336, Activation.SILU);

  @Test
  void launchesWhatTheSourceWants() {
    KernelLaunch launch = LARGE.launch(8192, 132);
    KernelSource kernel = KernelSource.resource("fused_gate_up", LARGE.definitions());
    String text =
        """
        %s
        static_assert(THREADS == %s, "as in Java");
        static_assert(Stages::ALL_BYTES + Stages::BARRIERS_BYTES == %s, "as in Java");
        static_assert(BOX_BYTES == %s * PANEL_BYTES && PANEL_ELEMENTS == %s, "as in Java");
        """
            .formatted(
                kernel.text(),
                launch.threads(),
                launch.sharedBytes(),
                FusedGateUpShape.BOX_ROWS,
                FusedGateUpShape.BOX_COLUMNS);

    CachedCompiler.open()
        .compile(
            new KernelSource("geometry.cu", text, kernel.headers(), kernel.options()), "sm_90a");
    assertThat(launch.kernel()).isEqualTo("fused_gate_up");
  }

  @Test
  void launchesWholeClustersAndNoMoreThanThereAreTiles() {
    assertThat(LARGE.launch(8192, 132).gridX()).isEqualTo(132);
    assertThat(LARGE.launch(8192, 133).gridX()).isEqualTo(132);
    assertThat(new FusedGateUpShape(64, 1280, Activation.SILU).launch(256, 132).gridX())
        .isEqualTo(20);
    assertThat(new FusedGateUpShape(64, 1280, Activation.SILU).launch(257, 132).gridX())
        .isEqualTo(40);
  }

  @Test
  void takesWholeTilesOnly() {
    assertThat(FusedGateUpShape.fits(2048, 8192)).isTrue();
    assertThat(FusedGateUpShape.fits(2048, 8256)).isFalse();
    assertThat(FusedGateUpShape.fits(2080, 8192)).isFalse();
    assertThatThrownBy(() -> new FusedGateUpShape(40, 100, Activation.SILU))
        .hasMessage("40 inputs and 100 features; fused_gate_up takes multiples of 64 and 128");
  }
}
