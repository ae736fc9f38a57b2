package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.HostLogits;
import io.nightshift.runtime.runner.Logits;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Whole rows of logits in host memory, one for each logits row of the step. A buffer has at most 2
 * GiB, so the rows of large steps are in several.
 */
final class CudaLogits implements AutoCloseable {
  private final CudaDevice device;
  private final int vocabularySize;
  private final int rowsEach;
  private final List<PinnedMemory> memory = new ArrayList<>();
  private int capacity;

  CudaLogits(CudaDevice device, int vocabularySize) {
    this.device = device;
    this.vocabularySize = vocabularySize;
    rowsEach = rowsOfBuffer(vocabularySize);
  }

  /** Maximum number of rows of logits in one buffer. */
  static int rowsOfBuffer(int vocabularySize) {
    return (int) (Integer.MAX_VALUE / ((long) vocabularySize * Float.BYTES));
  }

  /** Makes room for the rows of a step; allocates if it is larger than any step before. */
  void reserve(int rows) {
    if (capacity < rows) {
      close();
      for (int first = 0; first < rows; first += rowsEach) {
        int count = Math.min(rowsEach, rows - first);
        memory.add(new PinnedMemory(device, count * vocabularySize * Float.BYTES));
      }
      capacity = rows;
    }
  }

  /**
   * Enqueues the copy of rows to the host.
   *
   * @param source f32 {@code [rows][vocabulary]}
   * @param first the logits row of the first of them
   */
  void copy(CudaStream stream, DeviceMatrix source, int first) {
    int count = source.rowCount();
    int row = first;
    while (row < first + count) {
      int inBuffer = row % rowsEach;
      int copied = Math.min(first + count - row, rowsEach - inBuffer);
      DeviceMatrix rows = source.rows(row - first, copied);
      stream.copyToHost(
          rows.address(), memory.get(row / rowsEach), inBuffer * rows.rowBytes(), rows.bytes());
      row += copied;
    }
  }

  /** The rows of a step, once their copies have ended. */
  Logits of(ForwardBatch batch) {
    return new Rows(batch, memory.stream().map(m -> m.buffer().asFloatBuffer()).toList());
  }

  @Override
  public void close() {
    memory.forEach(PinnedMemory::close);
    memory.clear();
    capacity = 0;
  }

  private final class Rows extends HostLogits {
    private final ForwardBatch batch;
    private final List<FloatBuffer> logits;

    Rows(ForwardBatch batch, List<FloatBuffer> logits) {
      super(batch.logits(), vocabularySize);
      this.batch = batch;
      this.logits = logits;
    }

    @Override
    public void readRow(int row, float[] target) {
      int logitsRow = batch.logitsRow(row);
      logits.get(logitsRow / rowsEach).get(first(logitsRow), target, 0, vocabularySize);
    }

    @Override
    public float logit(int row, int column) {
      int logitsRow = batch.logitsRow(row);
      return logits.get(logitsRow / rowsEach).get(first(logitsRow) + column);
    }

    private int first(int logitsRow) {
      return logitsRow % rowsEach * vocabularySize;
    }
  }
}
