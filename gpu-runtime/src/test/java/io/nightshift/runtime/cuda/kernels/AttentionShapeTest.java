package io.nightshift.runtime.cuda.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.cuda.device.CachedCompiler;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.cuda.device.KernelSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether {@link AttentionShape} and the kernels' sources have the same geometry. */
class AttentionShapeTest {
  @ParameterizedTest
  @CsvSource({"64,false", "64,true", "128,false", "128,true", "256,false"})
  void launchesWarpgroupsAsTheirSourceWants(int headSize, boolean fp8) {
    KernelLaunch launch = new AttentionShape(headSize, 4, fp8, true).launch(128, 100, 8, 132);
    KernelSource kernel =
        KernelSource.resource(
            "attention_warpgroup",
            Map.of(
                "HEAD_SIZE",
                headSize,
                "QUERY_GROUP",
                4,
                "BLOCK_SIZE",
                16,
                "KV_FP8",
                fp8 ? 1 : 0,
                "SOFT_CAP",
                0,
                "SINKS",
                0));
    String text =
        """
        #include "attention_layout.cuh"
        static_assert(THREADS == %s && SHARED_BYTES == %s && HEIGHT == 128, "as in Java");
        """
            .formatted(launch.threads(), launch.sharedBytes());
    KernelSource geometry =
        new KernelSource("geometry.cu", text, kernel.headers(), kernel.options());

    CachedCompiler.open().compile(geometry, "sm_90a");
    assertThat(launch.kernel()).isEqualTo("attention_warpgroup");
    assertThat(launch.gridX()).isEqualTo(132);
  }

  @Test
  void takesWarpgroupsOnlyWhereTheyAreWrittenFor() {
    assertThat(new AttentionShape(128, 4, false, false).inWarpgroups(128)).isFalse();
    assertThat(new AttentionShape(96, 4, false, true).inWarpgroups(128)).isFalse();
    assertThat(new AttentionShape(256, 4, true, true).inWarpgroups(128)).isFalse();
    assertThat(new AttentionShape(128, 4, true, true).inWarpgroups(64)).isFalse();
    assertThat(new AttentionShape(128, 4, true, true).source(64)).isEqualTo("attention");
  }
}
