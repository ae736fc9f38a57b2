package io.nightshift.runtime.model.huggingface;

import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.model.LayerEncodings;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.model.TokenizerJson;
import io.nightshift.runtime.model.TokenizerSource;
import io.nightshift.runtime.model.huggingface.families.ConfigJson;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.huggingface.quantization.ModelModules;
import io.nightshift.runtime.model.huggingface.quantization.QuantizationScheme;
import io.nightshift.runtime.model.weights.MatrixFormat;
import io.nightshift.runtime.model.weights.StoredTensor;
import io.nightshift.runtime.model.weights.TensorTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model in a folder of Hugging Face transformers. */
public final class HuggingFaceModelFiles implements ModelFiles {
  private static final Logger LOG = LoggerFactory.getLogger(HuggingFaceModelFiles.class);

  private final Path folder;
  private final ModelDescription description;
  private final SafetensorsFolder weights;
  private final TensorTable tensors;
  private final boolean hasOutputProjection;

  /** Ends of the names of tensors that only quantized layers have. */
  private static final Pattern CODES_OR_SCALES =
      Pattern.compile("\\.(qweight|weight_packed|weight_scale|weight_scale_inv)$");

  private HuggingFaceModelFiles(Path folder, ConfigJson config, SafetensorsFolder weights) {
    this.folder = folder;
    this.weights = weights;
    Map<String, StoredTensor> stored = BaseModelWeights.renamed(weights.tensors());
    this.hasOutputProjection =
        BaseModelWeights.hasOutputProjection(config.config(), weights.tensors());
    ConfigJson stands = hasOutputProjection ? config : config.withTiedEmbeddings();
    Optional<QuantizationScheme> quantization = config.quantization();
    if (quantization.isEmpty()) {
      requireUnquantized(folder, stored.keySet());
    }
    this.description = describe(folder, stands.config(), quantization, TensorEncodings.of(this));
    quantization.ifPresent(
        scheme -> LOG.info("{}: weights are quantized: {}", folder, scheme.description()));
    quantization.ifPresent(
        scheme -> scheme.requireModules(new ModelModules(stands.config(), stored.keySet())));
    this.tensors =
        new TensorTable(
            folder,
            "config.json (model_type \"%s\")".formatted(config.modelType()),
            stands.config(),
            stored,
            quantization.<MatrixFormat>map(scheme -> scheme).orElse(MatrixFormat.PLAIN),
            stands.layout(stored.keySet()));
  }

  private static void requireUnquantized(Path folder, Set<String> tensors) {
    tensors.stream()
        .filter(name -> CODES_OR_SCALES.matcher(name).find())
        .min(Comparator.naturalOrder())
        .ifPresent(
            name -> {
              throw new ModelFormatException(
                  "%s: \"%s\" is of a quantized layer, but config.json has no quantization_config; copy it from where the model comes from"
                      .formatted(folder, name));
            });
  }

  /**
   * Opens and validates a folder.
   *
   * @throws ModelFormatException if the folder is not a complete model of a supported architecture
   */
  public static HuggingFaceModelFiles open(Path folder) {
    ConfigJson config = readConfig(folder);
    SafetensorsFolder weights = SafetensorsFolder.open(folder);
    try {
      return new HuggingFaceModelFiles(folder, config, weights);
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  /**
   * Reads a folder without the weights, which it need not have.
   *
   * @throws ModelFormatException if the folder is not a model of a supported architecture
   */
  public static ModelDescription describe(Path folder) {
    ConfigJson config = readConfig(folder);
    return describe(folder, config.config(), config.quantization(), encodings(folder, config));
  }

  /** What the headers of the weights say, or the configuration alone without them. */
  private static TensorEncodings encodings(Path folder, ConfigJson config) {
    if (config.quantization().isEmpty()) {
      return TensorEncodings.UNQUANTIZED;
    }
    if (!SafetensorsFolder.isComplete(folder)) {
      return config
          .quantization()
          .flatMap(QuantizationScheme::usualEncoding)
          .<TensorEncodings>map(LayerEncodings::new)
          .orElse(TensorEncodings.UNQUANTIZED);
    }
    try (ModelFiles files = open(folder)) {
      return TensorEncodings.read(files);
    }
  }

  private static ConfigJson readConfig(Path folder) {
    Path path = folder.resolve("config.json");
    if (!Files.exists(path)) {
      throw new ModelFormatException(
          folder + ": has no config.json; expected a Hugging Face model folder or a .gguf file");
    }
    ConfigJson config =
        new ConfigJson(
            JsonFile.read(path), JsonFile.readIfExists(folder.resolve("generation_config.json")));
    if (config.isTextOfMore()) {
      LOG.info("{}: the language model is used, the parts for images are left out", folder);
    }
    return config;
  }

  private static ModelDescription describe(
      Path folder,
      ModelConfig config,
      Optional<QuantizationScheme> quantization,
      TensorEncodings encodings) {
    Optional<JsonFile> tokenizerConfig =
        JsonFile.readIfExists(folder.resolve("tokenizer_config.json"));
    TokenizerJson tokenizer = TokenizerFiles.read(folder, tokenizerConfig);
    return new ModelDescription(
        config,
        tokenizer,
        new ChatTemplateFiles(folder, tokenizerConfig).read(tokenizer.specialTokens()),
        quantization.map(QuantizationScheme::description),
        encodings);
  }

  @Override
  public Path path() {
    return folder;
  }

  @Override
  public ModelConfig config() {
    return description.config();
  }

  @Override
  public Tensor tensor(String name) {
    return tensors.get(name);
  }

  @Override
  public Optional<String> quantization() {
    return description.quantization();
  }

  @Override
  public boolean hasOutputProjection() {
    return hasOutputProjection;
  }

  @Override
  public TokenizerSource tokenizerSource() {
    return description.tokenizerSource();
  }

  @Override
  public Optional<ChatTemplate> chatTemplate() {
    return description.chatTemplate();
  }

  @Override
  public void close() {
    weights.close();
  }
}
