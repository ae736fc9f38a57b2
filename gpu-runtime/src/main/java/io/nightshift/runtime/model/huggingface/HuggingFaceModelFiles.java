package io.nightshift.runtime.model.huggingface;

import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Tensor;
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
import java.util.Map;
import java.util.Optional;
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

  private HuggingFaceModelFiles(Path folder, ConfigJson config, SafetensorsFolder weights) {
    this.folder = folder;
    this.weights = weights;
    Map<String, StoredTensor> stored = BaseModelWeights.renamed(weights.tensors());
    this.hasOutputProjection =
        BaseModelWeights.hasOutputProjection(config.config(), weights.tensors());
    ConfigJson stands = hasOutputProjection ? config : config.withTiedEmbeddings();
    Optional<QuantizationScheme> quantization = config.quantization();
    this.description = describe(folder, stands.config(), quantization);
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
    return describe(folder, config.config(), config.quantization());
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
      Path folder, ModelConfig config, Optional<QuantizationScheme> quantization) {
    Optional<JsonFile> tokenizerConfig =
        JsonFile.readIfExists(folder.resolve("tokenizer_config.json"));
    TokenizerJson tokenizer = TokenizerFiles.read(folder, tokenizerConfig);
    return new ModelDescription(
        config,
        tokenizer,
        new ChatTemplateFiles(folder, tokenizerConfig).read(tokenizer.specialTokens()),
        quantization.map(QuantizationScheme::description));
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
