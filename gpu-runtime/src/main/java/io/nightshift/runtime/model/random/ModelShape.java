package io.nightshift.runtime.model.random;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.RopeConfig;
import java.util.Set;

/** Shapes of well-known models, for benchmarks with random weights. */
public enum ModelShape {
  /** Llama-3.2-1B. */
  LLAMA_1B("1b", 16, 2048, 64, 8192, true),
  /** Llama-3.1-8B. */
  LLAMA_8B("8b", 32, 4096, 128, 14_336, false);

  private final String optionValue;
  private final ModelConfig config;

  ModelShape(
      String optionValue,
      int layers,
      int hiddenSize,
      int headSize,
      int intermediateSize,
      boolean tiedEmbeddings) {
    this.optionValue = optionValue;
    int endOfText = 128_001;
    config =
        new ModelConfig(
            ModelFamily.LLAMA,
            layers,
            hiddenSize,
            32,
            8,
            headSize,
            intermediateSize,
            128_256,
            131_072,
            1e-5f,
            RopeConfig.unscaled(500_000),
            tiedEmbeddings,
            false,
            false,
            false,
            0,
            Set.of(endOfText));
  }

  public ModelConfig config() {
    return config;
  }

  /** The value of the command-line option. */
  @Override
  public String toString() {
    return optionValue;
  }
}
