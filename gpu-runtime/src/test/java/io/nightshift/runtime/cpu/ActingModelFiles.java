package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.TokenizerSource;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** A model that does something when a token is looked up in its embedding: in a step. */
final class ActingModelFiles implements ModelFiles {
  private final ModelFiles files;
  private final int token;
  private final Runnable action;

  ActingModelFiles(ModelFiles files, int token, Runnable action) {
    this.files = files;
    this.token = token;
    this.action = action;
  }

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
    return name.equals("model.embed_tokens.weight") ? new Embedding(tensor) : tensor;
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
  public void close() {}

  private final class Embedding implements Tensor {
    private final Tensor tensor;

    Embedding(Tensor tensor) {
      this.tensor = tensor;
    }

    @Override
    public String name() {
      return tensor.name();
    }

    @Override
    public TensorType type() {
      return tensor.type();
    }

    @Override
    public int rows() {
      return tensor.rows();
    }

    @Override
    public int columns() {
      return tensor.columns();
    }

    @Override
    public void readRows(int firstRow, int count, float[] target, int offset) {
      if (firstRow == token) {
        action.run();
      }
      tensor.readRows(firstRow, count, target, offset);
    }

    @Override
    public ByteBuffer rawRow(int row) {
      return tensor.rawRow(row);
    }
  }
}
