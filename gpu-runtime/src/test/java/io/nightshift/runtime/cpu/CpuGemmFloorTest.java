package io.nightshift.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelResources;
import io.nightshift.runtime.model.formats.ModelFormats;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuGemmFloorTest {

  @ParameterizedTest
  @CsvSource({
    "F32, 1, tiny-llama",
    "F32, 5, tiny-llama-bias",
    "F32, 300, tiny-qwen2",
    "BF16, 1, tiny-llama-bias",
    "BF16, 128, tiny-llama",
    "BF16, 129, tiny-qwen3",
    "F32, 3, tiny-mixtral",
    "BF16, 200, tiny-qwen3-moe-dense-layer",
    "BF16, 128, tiny-gpt-oss",
  })
  void timesStepsOfAnySizeAndGivesItsMemoryBack(DataType type, int tokens, String model) {
    EngineConfig options =
        EngineConfig.cpu()
            .withThreads(2)
            .withKvCacheTokens(64)
            .withMaxStepTokens(300)
            .withDtype(type);
    long before = NativeMemory.allocatedBytes();
    try (ModelFiles files = ModelFormats.open(ModelResources.tiny(model));
        CpuModelRunner runner = new CpuModelRunner(files, options)) {
      assertThat(runner.gemmFloor().seconds(tokens)).isPositive().isLessThan(60);
    }
    assertThat(NativeMemory.allocatedBytes()).isEqualTo(before);
  }
}
