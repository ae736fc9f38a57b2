package io.nightshift.runtime.runner;

import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TokenizerSource;
import java.nio.file.Path;
import java.util.Optional;

/** Model files that delegate to others, except for the embedding. Closes the others. */
public abstract class ForwardingModelFiles implements ModelFiles {
  private final ModelFiles files;

  protected ForwardingModelFiles(ModelFiles files) {
    this.files = files;
  }

  /** What stands in for the embedding. */
  protected abstract Tensor embedding(Tensor original);

  @Override
  public Path path() {
    return files.path();
  }

  @Override
  public ModelConfig config() {
    return files.config();
  }

  @Override
  public Tensor tensor(String name) {
    Tensor tensor = files.tensor(name);
    return name.equals("model.embed_tokens.weight") ? embedding(tensor) : tensor;
  }

  @Override
  public TokenizerSource tokenizerSource() {
    return files.tokenizerSource();
  }

  @Override
  public Optional<ChatTemplate> chatTemplate() {
    return files.chatTemplate();
  }

  @Override
  public void close() {
    files.close();
  }
}
