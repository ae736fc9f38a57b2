package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.CacheGroupTest;
import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.LayerEncodings;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.model.random.ModelShape;
import io.nightshift.runtime.runner.DeviceException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CudaMemoryPlanTest {
  private static final long GIBIBYTE = 1L << 30;
  private static final ModelConfig MODEL = ModelShape.LLAMA_8B.config();
  private static final EngineConfig OPTIONS = EngineConfig.cuda().withMaxStepTokens(8192);

  @Test
  void theCacheTakesWhatIsLeft() {
    CudaMemoryPlan plan =
        CudaMemoryPlan.of(
            "GPU 0", 80 * GIBIBYTE, MODEL, TensorEncodings.UNQUANTIZED, true, OPTIONS);

    long blockBytes = 2L * 32 * 8 * 16 * 128 * Short.BYTES;
    assertThat(plan.kvCache()).isEqualTo(plan.groups().get(0).blockCount() * blockBytes);
    assertThat(plan.weights()).isBetween(15L * GIBIBYTE - (GIBIBYTE >> 3), 15L * GIBIBYTE);
    long total = plan.weights() + plan.activations() + plan.libraries() + plan.kvCache();
    assertThat(total).isBetween(80 * GIBIBYTE - blockBytes, 80 * GIBIBYTE);
  }

  @Test
  void fp8HalvesTheLayersAndTheCache() {
    EngineConfig fp8 = OPTIONS.withDtype(DataType.FP8).withFp8KvCache(true);

    CudaMemoryPlan plan =
        CudaMemoryPlan.of("GPU 0", 80 * GIBIBYTE, MODEL, TensorEncodings.UNQUANTIZED, true, fp8);

    assertThat(plan.weights()).isBetween(8 * GIBIBYTE, 9 * GIBIBYTE);
    assertThat(DeviceKeyValueCache.bytes(MODEL, fp8, 1000))
        .isBetween(
            DeviceKeyValueCache.bytes(MODEL, OPTIONS, 500),
            DeviceKeyValueCache.bytes(MODEL, OPTIONS, 520));
  }

  @Test
  void copiesToHostMemoryTakeDeviceMemory() {
    EngineConfig host = OPTIONS.withHostKvCacheMemory(GIBIBYTE);
    ModelConfig windows = CacheGroupTest.withWindows(MODEL, alternating(128, 32));
    EngineConfig large = host.withBlockSize(256);

    CudaMemoryPlan without = plan(TensorEncodings.UNQUANTIZED, true);
    CudaMemoryPlan with =
        CudaMemoryPlan.of(80 * GIBIBYTE, MODEL, TensorEncodings.UNQUANTIZED, true, host);

    assertThat(without.staging()).isZero();
    assertThat(without.text(16)).doesNotContain("host memory");
    assertThat(with.staging()).isEqualTo(128L << 20);
    assertThat(with.kvCache()).isEqualTo(without.kvCache() - with.staging());
    assertThat(with.text(16)).contains("128.0 MiB to copy blocks to host memory");
    // At least a block in each of the slots, of the group that has most layers.
    long blockBytes = 2L * 32 * 8 * 256 * 128 * Short.BYTES;
    assertThat(HostBlockCopies.deviceBytes(MODEL, large)).isEqualTo(8 * blockBytes);
    assertThat(HostBlockCopies.deviceBytes(windows, large)).isEqualTo(4 * blockBytes);
  }

  @Test
  void layersWithWindowsLeaveTheirMemoryToTheOthers() {
    ModelConfig mixed = CacheGroupTest.withWindows(MODEL, alternating(128, 32));
    EngineConfig few = OPTIONS.withMaxRunningSequences(64);

    CudaMemoryPlan plan =
        CudaMemoryPlan.of("GPU 0", 80 * GIBIBYTE, mixed, TensorEncodings.UNQUANTIZED, true, few);
    CudaMemoryPlan plain =
        CudaMemoryPlan.of("GPU 0", 80 * GIBIBYTE, MODEL, TensorEncodings.UNQUANTIZED, true, few);

    long blockBytes = 2L * 8 * 16 * 128 * Short.BYTES;
    long all = plan.groups().get(0).blockCount();
    long windowed = plan.groups().get(1).blockCount();
    // A window and two blocks besides for each sequence, and the tokens of a step.
    assertThat(windowed).isEqualTo(64 * (128 / 16 + 3) + 8192 / 16);
    assertThat(plan.kvCache()).isEqualTo(16 * (all + windowed) * blockBytes);
    assertThat(all).isGreaterThan(19L * plain.groups().get(0).blockCount() / 10);
  }

  private static int[] alternating(int window, int layers) {
    return IntStream.range(0, layers).map(layer -> layer % 2 * window).toArray();
  }

  @Test
  void saysWhatDoesNotFitAndByHowMuch() {
    EngineConfig large = OPTIONS.withKvCacheTokens(1_000_000);

    assertThatThrownBy(
            () ->
                CudaMemoryPlan.of(
                    "GPU 3 (X)", 80 * GIBIBYTE, MODEL, TensorEncodings.UNQUANTIZED, true, large))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith("GPU 3 (X): the model needs ")
        .hasMessageContaining("more than the 80.0 GiB that are free")
        .hasMessageContaining("122.1 GiB of KV cache for 1000000 tokens")
        .hasMessageContaining("dtype fp8");
  }

  @Test
  void tilesTakeScalesAndOffsetsOfAllGroups() {
    TensorEncodings encodings = new LayerEncodings(new Quantization(CodeType.UINT4, 128, true));
    TensorEncodings perRow = new LayerEncodings(new Quantization(CodeType.E2M1, 4096, false));

    // Of each 128 inputs of an output there are 64 bytes of codes, and 4 of a scale and an offset.
    assertThat(plan(encodings, true).weights())
        .isCloseTo(plan(encodings, false).weights(), withinPercentage(0.1));
    assertThat(plan(perRow, true).weights())
        .isCloseTo(plan(encodings, true).weights(), withinPercentage(0.1));
    assertThat(plan(perRow, false).weights()).isLessThan(plan(perRow, true).weights());
    assertThat(plan(perRow, true).libraries()).isGreaterThan(plan(perRow, false).libraries());
    assertThat(plan(TensorEncodings.UNQUANTIZED, true))
        .isEqualTo(plan(TensorEncodings.UNQUANTIZED, false));
  }

  private static CudaMemoryPlan plan(TensorEncodings encodings, boolean tiles) {
    return CudaMemoryPlan.of(80 * GIBIBYTE, MODEL, encodings, tiles, OPTIONS);
  }
}
