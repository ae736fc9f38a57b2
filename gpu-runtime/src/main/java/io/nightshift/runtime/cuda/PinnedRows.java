package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of f32 in host memory that the device copies to. A buffer has at most 2 GiB, so the rows of
 * large steps are in several.
 */
final class PinnedRows implements AutoCloseable {
  private final CudaDevice device;
  private final int columns;
  private final int rowsEach;
  private final List<PinnedMemory> memory = new ArrayList<>();
  private List<FloatBuffer> buffers = List.of();
  private int capacity;

  PinnedRows(CudaDevice device, int columns) {
    this.device = device;
    this.columns = columns;
    rowsEach = rowsOfBuffer(columns);
  }

  /** Maximum number of rows in one buffer. */
  static int rowsOfBuffer(int columns) {
    return (int) (Integer.MAX_VALUE / ((long) columns * Float.BYTES));
  }

  /** Makes room for the rows of a step; allocates if it is larger than any step before. */
  void reserve(int rows) {
    if (capacity < rows) {
      close();
      for (int first = 0; first < rows; first += rowsEach) {
        int count = Math.min(rowsEach, rows - first);
        memory.add(new PinnedMemory(device, count * columns * Float.BYTES));
      }
      buffers = memory.stream().map(m -> m.buffer().asFloatBuffer()).toList();
      capacity = rows;
    }
  }

  /**
   * Enqueues the copy of rows to the host.
   *
   * @param source f32 {@code [rows][columns]}
   * @param first index of the first of them on the host
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

  /** Reads a row, once its copy has ended. */
  void read(int row, float[] target) {
    buffers.get(row / rowsEach).get(row % rowsEach * columns, target, 0, columns);
  }

  /** Reads one element of a row, once its copy has ended. */
  float get(int row, int column) {
    return buffers.get(row / rowsEach).get(row % rowsEach * columns + column);
  }

  @Override
  public void close() {
    buffers = List.of();
    memory.forEach(PinnedMemory::close);
    memory.clear();
    capacity = 0;
  }
}
