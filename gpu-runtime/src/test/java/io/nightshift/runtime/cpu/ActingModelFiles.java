package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.runner.ForwardingModelFiles;
import java.nio.ByteBuffer;

/** A model that does something when a token is looked up in its embedding: in a step. */
final class ActingModelFiles extends ForwardingModelFiles {
  private final int token;
  private final Runnable action;

  ActingModelFiles(ModelFiles files, int token, Runnable action) {
    super(files);
    this.token = token;
    this.action = action;
  }

  @Override
  protected Tensor embedding(Tensor original) {
    return new Embedding(original);
  }

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
