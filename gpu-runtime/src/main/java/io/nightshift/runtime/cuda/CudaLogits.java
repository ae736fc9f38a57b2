package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.HostLogits;
import io.nightshift.runtime.runner.Logits;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Whole rows of logits in host memory, one for each logits row of the step. A buffer has 2 GiB at
 * most, so the rows of large steps lie in several.
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

  /** Rows of logits that one buffer holds at most. */
  static int rowsOfBuffer(int vocabularySize) {
    return (int) (Integer.MAX_VALUE / ((long) vocabularySize * Float.BYTES));
  }

  /** Makes room for the rows of a step; larger than any step before, it allocates. */
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

  /** Puts the copy of {@code count} rows into the stream. */
  void copy(CudaStream stream, long source, int first, int count) {
    long rowBytes = (long) vocabularySize * Float.BYTES;
    int row = first;
    while (row < first + count) {
      int inBuffer = row % rowsEach;
      int copied = Math.min(first + count - row, rowsEach - inBuffer);
      stream.copyToHost(
          source + (row - first) * rowBytes,
          memory.get(row / rowsEach),
          inBuffer * rowBytes,
          copied * rowBytes);
      row += copied;
    }
  }

  /** The rows of a step, once their copies are over. */
  Logits of(ForwardBatch layout) {
    return new Rows(layout, memory.stream().map(m -> m.buffer().asFloatBuffer()).toList());
  }

  @Override
  public void close() {
    memory.forEach(PinnedMemory::close);
    memory.clear();
    capacity = 0;
  }

  private final class Rows extends HostLogits {
    private final ForwardBatch layout;
    private final List<FloatBuffer> logits;

    Rows(ForwardBatch layout, List<FloatBuffer> logits) {
      super(layout.logits(), vocabularySize);
      this.layout = layout;
      this.logits = logits;
    }

    @Override
    public void readRow(int row, float[] target) {
      int logitsRow = layout.logitsRow(row);
      logits.get(logitsRow / rowsEach).get(first(logitsRow), target, 0, vocabularySize);
    }

    @Override
    public float logit(int row, int column) {
      int logitsRow = layout.logitsRow(row);
      return logits.get(logitsRow / rowsEach).get(first(logitsRow) + column);
    }

    private int first(int logitsRow) {
      return logitsRow % rowsEach * vocabularySize;
    }
  }
}
