package io.nightshift.runtime.model.gguf;

import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.model.GgufVocabulary;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.TokenizerSource;
import io.nightshift.runtime.model.weights.MappedFile;
import io.nightshift.runtime.model.weights.MatrixFormat;
import io.nightshift.runtime.model.weights.TensorTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A model in a GGUF file of version 2 or 3. */
public final class GgufModelFiles implements ModelFiles {
  private final MappedFile file;
  private final ModelConfig config;
  private final TensorTable tensors;
  private final TokenizerSource tokenizerSource;
  private final Optional<ChatTemplate> chatTemplate;
  private final Optional<String> quantization;

  private GgufModelFiles(MappedFile file) {
    this.file = file;
    GgufHeader header = GgufHeader.read(file);
    // The architecture first: a file of an unsupported architecture may lack the rest.
    GgufConfigReader configReader = new GgufConfigReader(file, header);
    GgufVocabularyReader vocabularyReader = new GgufVocabularyReader(header.metadata());
    GgufVocabulary vocabulary = vocabularyReader.vocabulary();
    this.config =
        configReader.read(vocabulary.tokens().size(), vocabularyReader.endOfSequenceTokens());
    this.tensors =
        new TensorTable(
            file.path(),
            "the metadata (general.architecture \"%s\")"
                .formatted(header.metadata().requiredString("general.architecture")),
            config,
            header.tensors(),
            MatrixFormat.PLAIN,
            new GgufTensorLayout(config));
    this.tokenizerSource = vocabulary;
    this.quantization = GgufQuantization.describe(header.tensors().values());
    this.chatTemplate = vocabularyReader.chatTemplate();
  }

  /**
   * Opens and validates a file.
   *
   * @throws ModelFormatException if the file is not a complete model of a supported architecture
   */
  public static GgufModelFiles open(Path path) {
    MappedFile file = MappedFile.open(path);
    try {
      return new GgufModelFiles(file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Element types of tensors that files may have. */
  public static List<TensorType> tensorTypes() {
    return GgufHeader.GgmlTypes.types();
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  @Override
  public Tensor tensor(String name) {
    return tensors.get(name);
  }

  @Override
  public Optional<String> quantization() {
    return quantization;
  }

  @Override
  public TokenizerSource tokenizerSource() {
    return tokenizerSource;
  }

  @Override
  public Optional<ChatTemplate> chatTemplate() {
    return chatTemplate;
  }

  @Override
  public void close() {
    file.close();
  }
}
