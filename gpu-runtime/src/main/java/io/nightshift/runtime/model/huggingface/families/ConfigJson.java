package io.nightshift.runtime.model.huggingface.families;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.huggingface.quantization.QuantizationMethods;
import io.nightshift.runtime.model.huggingface.quantization.QuantizationScheme;
import io.nightshift.runtime.model.weights.TensorTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a {@link ModelConfig} from {@code config.json} and {@code generation_config.json}: finds
 * the family, refuses keys that it does not follow, or that contradict each other, and lets its
 * {@link FamilyReader} read the rest.
 */
public final class ConfigJson {
  private static final Map<String, SupportedFamily> FAMILIES = new TreeMap<>();

  static {
    for (SupportedFamily family : SupportedFamily.values()) {
      family.modelTypes().forEach(type -> FAMILIES.put(type, family));
    }
  }

  private static final String QUANTIZATION = "quantization_config";

  private final JsonFile root;
  private final JsonFile text;
  private final SupportedFamily family;
  private final ModelConfig config;
  private final Optional<QuantizationScheme> quantization;

  /**
   * @throws ModelFormatException if a value is missing or inconsistent with others, or the file
   *     says something that is not followed
   */
  public ConfigJson(JsonFile root, Optional<JsonFile> generationConfig) {
    this.root = root;
    String type = root.requiredString("model_type");
    SupportedFamily known = FAMILIES.get(type);
    if (known == null) {
      throw root.problem(
          "model_type",
          "\"%s\" is not supported, expected one of %s".formatted(type, FAMILIES.keySet()));
    }
    family = known;
    requireArchitecture(type);
    text = family.reader().textModel(root);
    requireKnownKeys();
    RopeAgreement.require(text);
    quantization =
        root.child(QUANTIZATION).or(() -> text.child(QUANTIZATION)).map(QuantizationMethods::read);
    config = read(generationConfig);
  }

  private ConfigJson(ConfigJson other, ModelConfig config) {
    root = other.root;
    text = other.text;
    family = other.family;
    quantization = other.quantization;
    this.config = config;
  }

  /** The {@code model_type} of the file. */
  public String modelType() {
    return root.requiredString("model_type");
  }

  public ModelConfig config() {
    return config;
  }

  /** The same, for weights without an output projection. */
  public ConfigJson withTiedEmbeddings() {
    return new ConfigJson(this, config.withTiedEmbeddings());
  }

  /**
   * Where the tensors are.
   *
   * @param stored names of the tensors in the folder
   */
  public TensorTable.Layout layout(Set<String> stored) {
    return family.reader().layout(config, stored);
  }

  /** How the weights are quantized; empty if they are not. */
  public Optional<QuantizationScheme> quantization() {
    return quantization;
  }

  /** Whether the folder's model has parts, for images, that are left out. */
  public boolean isTextOfMore() {
    return text != root;
  }

  private void requireArchitecture(String type) {
    String key = "architectures";
    String expected = family.architecture(type);
    String baseModel = expected.replace("ForCausalLM", "Model");
    for (JsonNode name : root.value(key).orElse(MissingNode.getInstance())) {
      if (!name.asText().equals(expected) && !name.asText().equals(baseModel)) {
        throw root.problem(
            key,
            "%s is not supported for model_type \"%s\", expected \"%s\""
                .formatted(name, type, expected));
      }
    }
  }

  private void requireKnownKeys() {
    ConfigKeys keys = family.reader().keys();
    keys.check(text, family.title());
  }

  private ModelConfig read(Optional<JsonFile> generationConfig) {
    List<JsonFile> generation = new ArrayList<>();
    generation.add(root);
    if (isTextOfMore()) {
      generation.add(text);
    }
    generationConfig.ifPresent(generation::add);
    FamilyReader reader = family.reader();
    try {
      return reader.read(new ConfigValues(text.withDefaults(reader.defaults()), generation));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(root.path() + ": " + e.getMessage(), e);
    }
  }
}
