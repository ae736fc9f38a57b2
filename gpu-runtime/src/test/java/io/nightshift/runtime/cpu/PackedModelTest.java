package io.nightshift.runtime.cpu;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelResources;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.runner.ForwardingModelFiles;
import io.nightshift.runtime.runner.RandomSteps;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiny models whose linear layers and embedding are random quantized tensors. */
class PackedModelTest {
  private static final EngineConfig OPTIONS =
      EngineConfig.cpu()
          .withDtype(DataType.F32)
          .withThreads(2)
          .withBlockSize(8)
          .withKvCacheTokens(8 * 96)
          .withMaxStepTokens(96);

  @ParameterizedTest
  @CsvSource({
    "tiny-llama, UINT4, 32, true",
    "tiny-llama-bias, INT8, 16, false",
    "tiny-gemma2, UINT4, 16, true",
    "tiny-qwen3, IQ4, 32, false",
    "tiny-olmo2, E2M1, 32, false",
    "tiny-phi3, E4M3, 128, false",
    "tiny-granite, INT8, 32, true",
  })
  void randomRaggedBatchesEqualTheReference(
      String model, CodeType codes, int groupSize, boolean offsets) {
    Quantization quantization = new Quantization(codes, groupSize, offsets);
    try (ModelFiles files =
            new QuantizedFiles(ModelFormats.open(ModelResources.tiny(model)), quantization);
        CpuModelRunner runner = new CpuModelRunner(files, OPTIONS)) {
      new RandomSteps(files, runner, 7, 2e-4).run(8, 80);
    }
  }

  private static final class QuantizedFiles extends ForwardingModelFiles {
    private final Quantization quantization;

    QuantizedFiles(ModelFiles files, Quantization quantization) {
      super(files);
      this.quantization = quantization;
    }

    @Override
    public Tensor tensor(String name) {
      Tensor tensor = super.tensor(name);
      return name.endsWith("_proj.weight") || name.equals("lm_head.weight")
          ? embedding(tensor)
          : tensor;
    }

    /** The same numbers for the same name. */
    @Override
    protected Tensor embedding(Tensor original) {
      return new RandomQuantizedTensor(
          original.name(),
          quantization,
          original.rows(),
          original.columns(),
          new SplittableRandom(original.name().hashCode()));
    }
  }
}
