package io.nightshift.runtime.model.gguf;

import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Multipliers;
import io.nightshift.runtime.model.NormPlacement;
import io.nightshift.runtime.model.QueryKeyNorm;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.weights.MappedFile;
import io.nightshift.runtime.model.weights.MappedTensor;
import io.nightshift.runtime.model.weights.RowOrder;
import io.nightshift.runtime.model.weights.StoredTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a {@link ModelConfig} from the metadata of a GGUF file and the presence of optional
 * tensors.
 *
 * <p>Mistral models have architecture {@code llama}. Their files usually omit the sliding window,
 * so that they attend to all positions.
 */
final class GgufConfigReader {
  private static final float DEFAULT_ROPE_THETA = 10_000;
  private static final TreeMap<String, ModelFamily> FAMILIES =
      new TreeMap<>(
          Map.of(
              "llama", ModelFamily.LLAMA,
              "qwen2", ModelFamily.QWEN2,
              "qwen3", ModelFamily.QWEN3));

  private final MappedFile file;
  private final GgufMetadata metadata;
  private final Map<String, StoredTensor> tensors;
  private final String architecture;
  private final ModelFamily family;

  GgufConfigReader(MappedFile file, GgufHeader header) {
    this.file = file;
    this.metadata = header.metadata();
    this.tensors = header.tensors();
    String key = "general.architecture";
    this.architecture = metadata.requiredString(key);
    ModelFamily known = FAMILIES.get(architecture);
    if (known == null) {
      throw metadata.problem(
          key,
          "\"%s\" is not supported, expected one of %s".formatted(architecture, FAMILIES.keySet()));
    }
    this.family = known;
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
    int attentionHeads = metadata.requiredInteger(key("attention.head_count"));
    int headSize = headSize(hiddenSize, attentionHeads);
    requireSame("attention.value_length", headSize, "heads have");
    requireSame("rope.dimension_count", headSize, "rotary embedding covers whole heads of");
    requireSame("vocab_size", vocabularySize, "tokenizer.ggml.tokens has");
    try {
      int layers = metadata.requiredInteger(key("block_count"));
      ModelConfig.requireLayerCount(layers);
      LayerConfig layer =
          new LayerConfig(
              metadata.integer(key("attention.sliding_window")).orElse(0),
              Optional.of(rope(headSize)),
              new GatedMlpConfig(
                  metadata.requiredInteger(key("feed_forward_length")), Activation.SILU));
      return new ModelConfig(
          family,
          hiddenSize,
          vocabularySize,
          metadata.requiredInteger(key("context_length")),
          new AttentionConfig(
              attentionHeads,
              metadata.integer(key("attention.head_count_kv")).orElse(attentionHeads),
              headSize,
              AttentionConfig.defaultScale(headSize),
              0,
              family == ModelFamily.QWEN2 || tensors.containsKey("blk.0.attn_q.bias"),
              tensors.containsKey("blk.0.attn_output.bias"),
              family == ModelFamily.QWEN3 ? QueryKeyNorm.EACH_HEAD : QueryKeyNorm.NONE,
              false),
          Collections.nCopies(layers, layer),
          NormPlacement.BEFORE,
          metadata.requiredNumber(key("attention.layer_norm_rms_epsilon")),
          Multipliers.NONE,
          !tensors.containsKey("output.weight"),
          endOfSequenceTokens);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(
          file.path() + ": metadata \"" + architecture + ".*\": " + e.getMessage(), e);
    }
  }

  private int headSize(int hiddenSize, int attentionHeads) {
    if (attentionHeads == 0) {
      throw metadata.problem(key("attention.head_count"), "0, expected a positive number");
    }
    int headSize =
        metadata.integer(key("attention.key_length")).orElse(hiddenSize / attentionHeads);
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

  private RopeConfig rope(int headSize) {
    float theta = metadata.number(key("rope.freq_base")).orElse(DEFAULT_ROPE_THETA);
    float scale = linearScale();
    StoredTensor stored = tensors.get(GgufTensorLayout.ROPE_FREQUENCY_FACTORS);
    if (stored == null && scale == 1) {
      return RopeConfig.unscaled(theta, headSize);
    }
    List<Float> factors =
        stored == null ? Collections.nCopies(headSize / 2, 1f) : frequencyFactors(stored, headSize);
    return RopeConfig.scaled(
        theta, headSize, factors.stream().map(factor -> factor * scale).toList());
  }

  /**
   * The divisor of positions in linear scaling, or 1. As in llama.cpp, scaling is linear if the
   * file has no type, a factor of 0 means no scaling, and files that predate {@code rope.scaling.*}
   * have the factor in {@code rope.scale_linear}.
   */
  private float linearScale() {
    String typeKey = key("rope.scaling.type");
    String type = metadata.string(typeKey).orElse("linear");
    String factorKey = key("rope.scaling.factor");
    if (!metadata.contains(factorKey)) {
      factorKey = key("rope.scale_linear");
    }
    float factor = metadata.number(factorKey).orElse(0f);
    if (!(factor >= 0) || Float.isInfinite(factor)) {
      throw metadata.problem(factorKey, factor + ", expected a positive number, or 0 for none");
    }
    return switch (type) {
      case "none" -> 1;
      case "linear" -> factor == 0 ? 1 : factor;
      default ->
          throw metadata.problem(
              typeKey, "\"" + type + "\" is not supported, expected none or linear");
    };
  }

  private List<Float> frequencyFactors(StoredTensor stored, int headSize) {
    if (stored.type() != TensorType.F32 || !stored.shape().equals(List.of((long) headSize / 2))) {
      throw new ModelFormatException(
          file.path(),
          "tensor \"" + stored.name() + '"',
          "has type %s and shape %s, expected F32 and [%s]"
              .formatted(stored.type(), stored.shape(), headSize / 2));
    }
    float[] elements = new float[headSize / 2];
    TensorShape shape = new TensorShape(stored.name(), 1, elements.length);
    new MappedTensor(stored, shape, RowOrder.AS_STORED).readRows(0, 1, elements, 0);
    List<Float> factors = new ArrayList<>();
    for (float element : elements) {
      factors.add(element);
    }
    return factors;
  }

  private void requireSame(String name, int expected, String why) {
    int value = metadata.integer(key(name)).orElse(expected);
    if (value != expected) {
      throw metadata.problem(key(name), "%s, but %s %s".formatted(value, why, expected));
    }
  }

  private String key(String name) {
    return architecture + '.' + name;
  }
}
