package io.nightshift.runtime.model.random;

import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.Multipliers;
import io.nightshift.runtime.model.NormPlacement;
import io.nightshift.runtime.model.QueryKeyNorm;
import io.nightshift.runtime.model.RopeConfig;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Shapes of well-known models, for benchmarks with random weights. */
public enum ModelShape {
  /** Llama-3.2-1B. */
  LLAMA_1B("1b", llama3(16, 2048, 32, 64, 8192, true)),
  /** Llama-3.1-8B. */
  LLAMA_8B("8b", llama3(32, 4096, 32, 128, 14_336, false)),
  /** Llama-3.1-70B. */
  LLAMA_70B("70b", llama3(80, 8192, 64, 128, 28_672, false)),
  /** Qwen3-30B-A3B. */
  QWEN3_30B_A3B("30b-a3b", qwen3Moe()),
  /** The text model of Gemma 3 4B. */
  GEMMA3_4B("gemma3-4b", gemma3()),
  /** Phi-4. */
  PHI4("phi4", phi4());

  private final String optionValue;
  private final ModelConfig config;

  ModelShape(String optionValue, ModelConfig config) {
    this.optionValue = optionValue;
    this.config = config;
  }

  private static ModelConfig llama3(
      int layers,
      int hiddenSize,
      int heads,
      int headSize,
      int intermediateSize,
      boolean tiedEmbeddings) {
    int endOfText = 128_001;
    return llama(
        layers,
        hiddenSize,
        AttentionConfig.plain(heads, 8, headSize),
        intermediateSize,
        128_256,
        131_072,
        RopeConfig.unscaled(500_000, headSize),
        tiedEmbeddings,
        Set.of(endOfText));
  }

  private static ModelConfig qwen3Moe() {
    int endOfTurn = 151_645;
    FeedForwardConfig experts = new ExpertsConfig(128, 8, 768, Activation.SILU, true, false);
    LayerConfig layer =
        new LayerConfig(0, Optional.of(RopeConfig.unscaled(1_000_000, 128)), experts);
    return new ModelConfig(
        ModelFamily.QWEN3_MOE,
        2048,
        151_936,
        40_960,
        AttentionConfig.plain(32, 4, 128).withQueryKeyNorm(QueryKeyNorm.EACH_HEAD),
        Collections.nCopies(48, layer),
        NormPlacement.BEFORE,
        1e-6f,
        Multipliers.NONE,
        false,
        Set.of(endOfTurn));
  }

  /** Every sixth layer attends to all positions, the others to the last 1,024. */
  private static ModelConfig gemma3() {
    int endOfText = 1;
    int hiddenSize = 2560;
    int headSize = 256;
    FeedForwardConfig mlp = new GatedMlpConfig(10_240, Activation.GELU_TANH);
    LayerConfig local =
        new LayerConfig(1024, Optional.of(RopeConfig.unscaled(10_000, headSize)), mlp);
    List<Float> linear = Collections.nCopies(headSize / 2, 8f);
    LayerConfig global =
        new LayerConfig(0, Optional.of(RopeConfig.scaled(1_000_000, headSize, linear)), mlp);
    return new ModelConfig(
        ModelFamily.GEMMA3,
        hiddenSize,
        262_208,
        131_072,
        AttentionConfig.plain(8, 4, headSize).withQueryKeyNorm(QueryKeyNorm.EACH_HEAD),
        IntStream.rangeClosed(1, 34).mapToObj(n -> n % 6 == 0 ? global : local).toList(),
        NormPlacement.AROUND,
        1e-6f,
        new Multipliers((float) Math.sqrt(hiddenSize), 1, 1, 0),
        true,
        Set.of(endOfText));
  }

  private static ModelConfig phi4() {
    int endOfTurn = 100_265;
    LayerConfig layer =
        new LayerConfig(
            0,
            Optional.of(RopeConfig.unscaled(250_000, 128)),
            new GatedMlpConfig(17_920, Activation.SILU));
    return new ModelConfig(
        ModelFamily.PHI3,
        5120,
        100_352,
        16_384,
        AttentionConfig.plain(40, 10, 128),
        Collections.nCopies(40, layer),
        NormPlacement.BEFORE,
        1e-5f,
        Multipliers.NONE,
        false,
        Set.of(endOfTurn));
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
