package io.nightshift.runtime.model.gguf;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Multipliers;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.weights.MappedFile;
import io.nightshift.runtime.model.weights.StoredTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Reads a {@link ModelConfig} from the metadata of a GGUF file and the presence of optional
 * tensors.
 *
 * <p>Mistral models have architecture {@code llama}. Their files usually omit the sliding window,
 * so that they attend to all positions.
 */
final class GgufConfigReader {
  /**
   * SmolLM3's layers whose number is a multiple of this, counted from 1, have no rotary embedding.
   */
  private static final int SMOLLM3_PERIOD_WITHOUT_ROPE = 4;

  /**
   * The 27B models of Gemma, told by their numbers of layers, divide scores by the root of the
   * hidden size of each head, and other ones by that of the head size.
   */
  private static final Map<ModelFamily, Integer> LAYERS_OF_27B =
      Map.of(ModelFamily.GEMMA2, 46, ModelFamily.GEMMA3, 62);

  private final MappedFile file;
  private final GgufMetadata metadata;
  private final Map<String, StoredTensor> tensors;
  private final GgufArchitecture architecture;
  private final ModelFamily family;

  GgufConfigReader(MappedFile file, GgufHeader header) {
    this.file = file;
    this.metadata = header.metadata();
    this.tensors = header.tensors();
    String key = "general.architecture";
    String name = metadata.requiredString(key);
    this.architecture =
        GgufArchitecture.of(name)
            .orElseThrow(
                () ->
                    metadata.problem(
                        key,
                        "\"%s\" is not supported, expected one of %s"
                            .formatted(name, GgufArchitecture.names())));
    boolean mixtral =
        architecture == GgufArchitecture.LLAMA
            && metadata.integer(key("expert_count")).orElse(0) > 0;
    this.family = mixtral ? ModelFamily.MIXTRAL : architecture.family();
  }

  /**
   * @param vocabularySize number of tokens in the file's vocabulary
   * @throws ModelFormatException if a value is missing or inconsistent with others, or the model
   *     needs something that {@link ModelConfig} cannot represent
   */
  ModelConfig read(int vocabularySize, Set<Integer> endOfSequenceTokens) {
    refuseParts();
    GgufArchitectureKeys.requireSupported(metadata, architecture);
    int hiddenSize = metadata.requiredInteger(key("embedding_length"));
    int heads = metadata.requiredInteger(key("attention.head_count"));
    int headSize = headSize(hiddenSize, heads);
    requireSame("attention.value_length", headSize, "heads have");
    requireSame("vocab_size", vocabularySize, "tokenizer.ggml.tokens has");
    try {
      int layers = metadata.requiredInteger(key("block_count"));
      ModelConfig.requireLayerCount(layers);
      GgufRope rope = new GgufRope(metadata, architecture, tensors, headSize);
      return new ModelConfig(
          family,
          hiddenSize,
          vocabularySize,
          rope.maxPositions(),
          attention(hiddenSize, heads, headSize, layers),
          layers(layers, rope),
          family.normPlacement(),
          metadata.requiredNumber(key("attention.layer_norm_rms_epsilon")),
          multipliers(hiddenSize),
          !tensors.containsKey("output.weight"),
          endOfSequenceTokens);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(
          file.path() + ": metadata \"" + architecture.key() + ".*\": " + e.getMessage(), e);
    }
  }

  private AttentionConfig attention(int hiddenSize, int heads, int headSize, int layers) {
    boolean gptOss = family == ModelFamily.GPT_OSS;
    return new AttentionConfig(
        heads,
        metadata.integer(key("attention.head_count_kv")).orElse(heads),
        headSize,
        attentionScale(hiddenSize, heads, headSize, layers),
        metadata.number(key("attn_logit_softcapping")).orElse(0f),
        gptOss || family == ModelFamily.QWEN2 || tensors.containsKey("blk.0.attn_q.bias"),
        gptOss || tensors.containsKey("blk.0.attn_output.bias"),
        family.queryKeyNorm(),
        gptOss);
  }

  private float attentionScale(int hiddenSize, int heads, int headSize, int layers) {
    float scale = metadata.number(key("attention.scale")).orElse(0f);
    if (scale != 0) {
      return scale;
    }
    boolean byHiddenSize = LAYERS_OF_27B.getOrDefault(family, 0) == layers;
    return AttentionConfig.defaultScale(byHiddenSize ? hiddenSize / heads : headSize);
  }

  private Multipliers multipliers(int hiddenSize) {
    boolean gemma = family == ModelFamily.GEMMA2 || family == ModelFamily.GEMMA3;
    return new Multipliers(
        metadata.number(key("embedding_scale")).orElse(gemma ? (float) Math.sqrt(hiddenSize) : 1f),
        metadata.number(key("residual_scale")).orElse(1f),
        1 / metadata.number(key("logit_scale")).orElse(1f),
        metadata.number(key("final_logit_softcapping")).orElse(0f));
  }

  private List<LayerConfig> layers(int layers, GgufRope rope) {
    RopeConfig globalRope = rope.global();
    RopeConfig localRope = rope.local();
    int window = metadata.integer(key("attention.sliding_window")).orElse(0);
    int period = windowPeriod();
    FeedForwardConfig feedForward = feedForward();
    return IntStream.rangeClosed(1, layers)
        .mapToObj(
            number -> {
              boolean local = window > 0 && (period == 0 || number % period != 0);
              boolean rotates =
                  family != ModelFamily.SMOLLM3 || number % SMOLLM3_PERIOD_WITHOUT_ROPE != 0;
              return new LayerConfig(
                  local ? window : 0,
                  rotates ? Optional.of(local ? localRope : globalRope) : Optional.empty(),
                  feedForward);
            })
        .toList();
  }

  private int windowPeriod() {
    return metadata
        .integer(key("attention.sliding_window_pattern"))
        .orElse(architecture.windowPeriod());
  }

  private FeedForwardConfig feedForward() {
    boolean experts =
        switch (family) {
          case MIXTRAL, QWEN3_MOE, GPT_OSS -> true;
          default -> false;
        };
    if (!experts) {
      refuseExpertsPerToken();
      return new GatedMlpConfig(
          metadata.requiredInteger(key("feed_forward_length")), family.activation());
    }
    return new ExpertsConfig(
        metadata.requiredInteger(key("expert_count")),
        metadata.requiredInteger(key("expert_used_count")),
        metadata
            .integer(key("expert_feed_forward_length"))
            .orElseGet(() -> metadata.requiredInteger(key("feed_forward_length"))),
        family.activation(),
        true,
        family == ModelFamily.GPT_OSS);
  }

  private void refuseExpertsPerToken() {
    String key = key("expert_used_count");
    int used = metadata.integer(key).orElse(0);
    if (used > 0) {
      throw metadata.problem(key, used + ", but the file has no experts");
    }
  }

  private int headSize(int hiddenSize, int heads) {
    if (heads == 0) {
      throw metadata.problem(key("attention.head_count"), "0, expected a positive number");
    }
    int headSize = metadata.integer(key("attention.key_length")).orElse(hiddenSize / heads);
    if (headSize == 0 || headSize > AttentionConfig.MAX_HEAD_SIZE) {
      throw metadata.problem(
          key("attention.key_length"),
          "%s, expected 1 to %s".formatted(headSize, AttentionConfig.MAX_HEAD_SIZE));
    }
    return headSize;
  }

  private void refuseParts() {
    int parts = metadata.integer("split.count").orElse(1);
    if (parts > 1) {
      throw metadata.problem(
          "split.count",
          "this file is one of %s parts; join them with llama.cpp's `llama-gguf-split --merge`"
              .formatted(parts));
    }
  }

  private void requireSame(String name, int expected, String why) {
    int value = metadata.integer(key(name)).orElse(expected);
    if (value != expected) {
      throw metadata.problem(key(name), "%s, but %s %s".formatted(value, why, expected));
    }
  }

  private String key(String name) {
    return architecture.key() + '.' + name;
  }
}
