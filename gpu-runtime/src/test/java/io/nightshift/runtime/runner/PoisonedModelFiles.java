package io.nightshift.runtime.runner;

import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A model with one token whose embedding is not finite: NaN, or infinite in one element. All that
 * sees this token is NaN, in every layer.
 */
public final class PoisonedModelFiles extends ForwardingModelFiles {
  static final int POISON = 7;

  private final float value;

  /**
   * Takes over {@code files}, whose output projection must not be the embedding.
   *
   * @param value NaN for the whole embedding, or an infinity for its first element
   */
  public PoisonedModelFiles(ModelFiles files, float value) {
    super(files);
    this.value = value;
  }

  @Override
  protected Tensor embedding(Tensor original) {
    return new PoisonedEmbedding(original, value);
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
