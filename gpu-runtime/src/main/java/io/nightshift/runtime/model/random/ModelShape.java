package io.nightshift.runtime.model.random;

import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.Multipliers;
import io.nightshift.runtime.model.NormPlacement;
import io.nightshift.runtime.model.RopeConfig;
import java.util.Collections;
import java.util.Optional;
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
        llama(
            layers,
            hiddenSize,
            AttentionConfig.plain(32, 8, headSize),
            intermediateSize,
            128_256,
            131_072,
            RopeConfig.unscaled(500_000, headSize),
            tiedEmbeddings,
            Set.of(endOfText));
  }

  /** The configuration of a Llama without extras. */
  public static ModelConfig llama(
      int layers,
      int hiddenSize,
      AttentionConfig attention,
      int intermediateSize,
      int vocabularySize,
      int maxPositions,
      RopeConfig rope,
      boolean tiedEmbeddings,
      Set<Integer> endOfSequenceTokens) {
    LayerConfig layer =
        new LayerConfig(
            0, Optional.of(rope), new GatedMlpConfig(intermediateSize, Activation.SILU));
    return new ModelConfig(
        ModelFamily.LLAMA,
        hiddenSize,
        vocabularySize,
        maxPositions,
        attention,
        Collections.nCopies(layers, layer),
        NormPlacement.BEFORE,
        1e-5f,
        Multipliers.NONE,
        tiedEmbeddings,
        endOfSequenceTokens);
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
