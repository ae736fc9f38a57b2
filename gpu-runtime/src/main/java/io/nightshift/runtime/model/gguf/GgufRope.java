package io.nightshift.runtime.model.gguf;

import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.RopeConfig.LongContext;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.YarnScaling;
import io.nightshift.runtime.model.weights.MappedTensor;
import io.nightshift.runtime.model.weights.RowOrder;
import io.nightshift.runtime.model.weights.StoredTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the rotary embedding from {@code rope.*} of a GGUF file's metadata, and from its tensors of
 * divisors.
 */
final class GgufRope {
  private static final float DEFAULT_THETA = 10_000;
  private static final String SCALING = "rope.scaling.type";

  private final GgufMetadata metadata;
  private final GgufArchitecture architecture;
  private final Map<String, StoredTensor> tensors;
  private final int headSize;

  GgufRope(
      GgufMetadata metadata,
      GgufArchitecture architecture,
      Map<String, StoredTensor> tensors,
      int headSize) {
    this.metadata = metadata;
    this.architecture = architecture;
    this.tensors = tensors;
    this.headSize = headSize;
  }

  /** Rotary embedding of layers that attend to all positions, or of all layers. */
  RopeConfig global() {
    return scaled(metadata.number(key("rope.freq_base")).orElse(DEFAULT_THETA));
  }

  /**
   * Rotary embedding of layers with a sliding window. Gemma 3 has another base there, which files
   * usually leave out, and no scaling.
   */
  RopeConfig local() {
    String baseKey = key("rope.freq_base_swa");
    if (architecture.family() == ModelFamily.GEMMA3) {
      return RopeConfig.unscaled(metadata.number(baseKey).orElse(DEFAULT_THETA), dimensions());
    }
    return metadata.number(baseKey).map(this::scaled).orElseGet(this::global);
  }

  /**
   * The longest context: that of the file, or with YaRN the one that it is scaled to if that is
   * more.
   */
  int maxPositions() {
    int ofFile = metadata.requiredInteger(key("context_length"));
    return type().equals("yarn") ? yarn().maxPositions(ofFile) : ofFile;
  }

  /** Files of Phi-3 do not say that their scaling is LongRoPE, but have its divisors. */
  private String type() {
    boolean longrope =
        architecture.family() == ModelFamily.PHI3
            && tensors.containsKey(GgufTensorLayout.LONG_FREQUENCY_FACTORS);
    return metadata.string(key(SCALING)).orElse(longrope ? "longrope" : "linear");
  }

  private RopeConfig scaled(float theta) {
    String type = type();
    return switch (type) {
      case "none" -> divided(theta, 1);
      case "linear" -> divided(theta, linearScale());
      case "yarn" -> yarn().apply(RopeConfig.unscaled(theta, dimensions()));
      case "longrope" -> longrope(theta);
      default ->
          throw metadata.problem(
              key(SCALING),
              "\"" + type + "\" is not supported, expected none, linear, yarn or longrope");
    };
  }

  /** Number of elements of a head that rotate. */
  private int dimensions() {
    String name = "rope.dimension_count";
    int dimensions = metadata.integer(key(name)).orElse(headSize);
    if (dimensions != headSize && architecture.family() != ModelFamily.PHI3) {
      throw metadata.problem(
          key(name),
          "%s, but rotary embedding covers whole heads of %s".formatted(dimensions, headSize));
    }
    if (dimensions > headSize) {
      throw metadata.problem(
          key(name), "%s, but heads have %s elements".formatted(dimensions, headSize));
    }
    return dimensions;
  }

  private RopeConfig divided(float theta, float scale) {
    int dimensions = dimensions();
    StoredTensor stored = tensors.get(GgufTensorLayout.ROPE_FREQUENCY_FACTORS);
    List<Float> factors =
        stored == null
            ? Collections.nCopies(dimensions / 2, 1f)
            : frequencyFactors(stored, dimensions);
    return RopeConfig.scaled(
        theta, dimensions, factors.stream().map(factor -> factor * scale).toList());
  }

  /**
   * The divisor of positions in linear scaling, or 1. As in llama.cpp, scaling is linear if the
   * file has no type, a factor of 0 means no scaling, and files that predate {@code rope.scaling.*}
   * have the factor in {@code rope.scale_linear}.
   */
  private float linearScale() {
    String factorKey = key("rope.scaling.factor");
    if (!metadata.contains(factorKey)) {
      factorKey = key("rope.scale_linear");
    }
    float factor = metadata.number(factorKey).orElse(0f);
    if (!(factor >= 0) || Float.isInfinite(factor)) {
      throw metadata.problem(factorKey, factor + ", expected a positive number, or 0 for none");
    }
    return factor == 0 ? 1 : factor;
  }

  private YarnScaling yarn() {
    String extrapolation = key("rope.scaling.yarn_ext_factor");
    if (metadata.number(extrapolation).orElse(-1f) == 0) {
      throw metadata.problem(extrapolation, "0: YaRN without extrapolation is not supported");
    }
    float factor = positive("rope.scaling.factor", Optional.empty());
    int originalContext =
        metadata
            .integer(key("rope.scaling.original_context_length"))
            .orElseGet(() -> metadata.requiredInteger(key("context_length")));
    return new YarnScaling(
        factor,
        positive("rope.scaling.yarn_beta_fast", Optional.of(32f)),
        positive("rope.scaling.yarn_beta_slow", Optional.of(1f)),
        YarnScaling.magnitude(factor, 1),
        // Files do not say that gpt-oss was trained without rounding.
        architecture.family() != ModelFamily.GPT_OSS,
        originalContext);
  }

  private RopeConfig longrope(float theta) {
    int dimensions = dimensions();
    return new RopeConfig(
        theta,
        dimensions,
        frequencyFactors(required(GgufTensorLayout.SHORT_FREQUENCY_FACTORS), dimensions),
        metadata.number(key("rope.scaling.attn_factor")).orElse(1f),
        Optional.of(
            new LongContext(
                metadata.requiredInteger(key("rope.scaling.original_context_length")),
                frequencyFactors(required(GgufTensorLayout.LONG_FREQUENCY_FACTORS), dimensions))));
  }

  private float positive(String name, Optional<Float> whenAbsent) {
    String key = key(name);
    float value = metadata.number(key).or(() -> whenAbsent).orElse(0f);
    if (!(value > 0) || Float.isInfinite(value)) {
      throw metadata.problem(key, value + ", expected a positive number");
    }
    return value;
  }

  private StoredTensor required(String tensor) {
    StoredTensor stored = tensors.get(tensor);
    if (stored == null) {
      throw metadata.problem(key(SCALING), "longrope, but tensor \"" + tensor + "\" is missing");
    }
    return stored;
  }

  private static List<Float> frequencyFactors(StoredTensor stored, int dimensions) {
    if (stored.type() != TensorType.F32 || !stored.shape().equals(List.of((long) dimensions / 2))) {
      throw new ModelFormatException(
          stored.file().path(),
          "tensor \"" + stored.name() + '"',
          "has type %s and shape %s, expected F32 and [%s]"
              .formatted(stored.type(), stored.shape(), dimensions / 2));
    }
    float[] elements = new float[dimensions / 2];
    TensorShape shape = new TensorShape(stored.name(), 1, elements.length);
    MappedTensor.of(stored, shape, RowOrder.AS_STORED).readRows(0, 1, elements, 0);
    List<Float> factors = new ArrayList<>();
    for (float element : elements) {
      factors.add(element);
    }
    return factors;
  }

  private String key(String name) {
    return architecture.key() + '.' + name;
  }
}
