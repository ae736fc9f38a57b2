package io.nightshift.runtime.runner;

import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.TokenizerSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A model with one token whose embedding is NaN: running that token fills its slots of the KV cache
 * with NaN, in every layer.
 */
final class PoisonedModelFiles implements ModelFiles {
  static final int POISON = 7;

  private final ModelFiles files;

  /** Takes over {@code files}, whose output projection must not be the embedding. */
  PoisonedModelFiles(ModelFiles files) {
    this.files = files;
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
    return name.equals("model.embed_tokens.weight") ? new PoisonedEmbedding(tensor) : tensor;
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

  private record PoisonedEmbedding(Tensor tensor) implements Tensor {
    @Override
    public String name() {
      return tensor.name();
    }

    @Override
    public TensorType type() {
      return TensorType.F32;
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
      tensor.readRows(firstRow, count, target, offset);
      if (firstRow <= POISON && POISON < firstRow + count) {
        int start = offset + (POISON - firstRow) * columns();
        Arrays.fill(target, start, start + columns(), Float.NaN);
      }
    }

    @Override
    public ByteBuffer rawRow(int row) {
      float[] elements = new float[columns()];
      readRows(row, 1, elements, 0);
      ByteBuffer bytes =
          ByteBuffer.allocate(elements.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(elements);
      return bytes;
    }
  }
}
