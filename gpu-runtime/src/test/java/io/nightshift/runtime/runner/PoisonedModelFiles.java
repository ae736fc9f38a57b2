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
 * A model with one token whose embedding is not finite: NaN, or infinite in one element. All that
 * sees this token is NaN, in every layer.
 */
public final class PoisonedModelFiles implements ModelFiles {
  static final int POISON = 7;

  private final ModelFiles files;
  private final float value;

  /**
   * Takes over {@code files}, whose output projection must not be the embedding.
   *
   * @param value NaN for the whole embedding, or an infinity for its first element
   */
  public PoisonedModelFiles(ModelFiles files, float value) {
    this.files = files;
    this.value = value;
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
    return name.equals("model.embed_tokens.weight") ? new PoisonedEmbedding(tensor, value) : tensor;
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

  private record PoisonedEmbedding(Tensor tensor, float value) implements Tensor {
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
        Arrays.fill(target, start, start + (Float.isNaN(value) ? columns() : 1), value);
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
