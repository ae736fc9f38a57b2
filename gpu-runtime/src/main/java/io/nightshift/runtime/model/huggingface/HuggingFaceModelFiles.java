package io.nightshift.runtime.model.huggingface;

import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TokenizerJson;
import io.nightshift.runtime.model.TokenizerSource;
import io.nightshift.runtime.model.weights.RowOrder;
import io.nightshift.runtime.model.weights.TensorTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A model in a folder of Hugging Face transformers. */
public final class HuggingFaceModelFiles implements ModelFiles {
  private final Path folder;
  private final ModelDescription description;
  private final SafetensorsFolder weights;
  private final TensorTable tensors;

  private HuggingFaceModelFiles(
      Path folder, ModelDescription description, SafetensorsFolder weights) {
    this.folder = folder;
    this.description = description;
    this.weights = weights;
    ModelConfig config = description.config();
    this.tensors =
        new TensorTable(folder, config, weights.tensors(), new Layout(config.tiedEmbeddings()));
  }

  /**
   * Opens and validates a folder.
   *
   * @throws ModelFormatException if the folder is not a complete model of a supported architecture
   */
  public static HuggingFaceModelFiles open(Path folder) {
    ModelDescription description = describe(folder);
    SafetensorsFolder weights = SafetensorsFolder.open(folder);
    try {
      return new HuggingFaceModelFiles(folder, description, weights);
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
    Path configPath = folder.resolve("config.json");
    if (!Files.exists(configPath)) {
      throw new ModelFormatException(
          folder + ": has no config.json; expected a Hugging Face model folder or a .gguf file");
    }
    ModelConfig config =
        new ConfigJson(
                JsonFile.read(configPath),
                JsonFile.readIfExists(folder.resolve("generation_config.json")))
            .read();
    Optional<JsonFile> tokenizerConfig =
        JsonFile.readIfExists(folder.resolve("tokenizer_config.json"));
    TokenizerJson tokenizer = TokenizerFiles.read(folder, tokenizerConfig);
    return new ModelDescription(
        config,
        tokenizer,
        new ChatTemplateFiles(folder, tokenizerConfig).read(tokenizer.specialTokens()));
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

  /** Hugging Face's own names and row order. */
  private record Layout(boolean tiedEmbeddings) implements TensorTable.Layout {

    @Override
    public String storedName(String huggingFaceName) {
      return huggingFaceName;
    }

    @Override
    public RowOrder rowOrder(String huggingFaceName) {
      return RowOrder.AS_STORED;
    }

    /** Old folders store rotary frequencies, and some store tied weights twice. */
    @Override
    public boolean ignorable(String storedName) {
      return storedName.endsWith(".rotary_emb.inv_freq")
          || (tiedEmbeddings && storedName.equals("lm_head.weight"));
    }
  }
}
