package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.MatMul.QuantizedWeights;
import io.nightshift.runtime.cpu.onednn.MatMulType;
import io.nightshift.runtime.cpu.onednn.OneDnn;
import io.nightshift.runtime.model.QuantizedTensor;
import java.util.List;

/**
 * How the weights of a linear layer are stored in native memory.
 *
 * @param type element type of the inputs
 */
record LinearFormat(MatMulType type, int inputs, int outputs, List<SliceFormat> slices) {
  /** oneDNN unpacks groups of this many inputs, or of multiples, or of all. */
  static final int MIN_GROUP = 16;

  private static final int CACHE_LINE = 64;

  /** How some columns are stored. */
  sealed interface SliceFormat permits DenseFormat, QuantizedFormat {

    /** First column. */
    int start();

    int columns();

    /** Native bytes, a whole number of cache lines. */
    long bytes(OneDnn library);
  }

  /** Columns in oneDNN's packed layout of floating-point numbers. */
  record DenseFormat(int start, int inputs, int columns, MatMulType type) implements SliceFormat {
    @Override
    public long bytes(OneDnn library) {
      return align(library.packedFormat(inputs, columns, type).bytes());
    }
  }

  /**
   * Columns that stay packed, as {@link QuantizedSlice} has them.
   *
   * @param firstRow row of {@code tensor} that is the first column
   * @param offsets whether an offset of the tensor's groups is not zero, with {@link SignedCodes}
   */
  record QuantizedFormat(
      int start,
      int columns,
      QuantizedTensor tensor,
      int firstRow,
      QuantizedWeights weights,
      boolean offsets)
      implements SliceFormat {

    int inputs() {
      return tensor.columns();
    }

    /** Groups of a column. */
    int groups() {
      return inputs() / weights.groupSize();
    }

    long codeBytes() {
      return align(weights.codes().bytes(inputs(), columns));
    }

    long scaleBytes() {
      return align((long) groups() * columns * Float.BYTES);
    }

    @Override
    public long bytes(OneDnn library) {
      long offsetBytes =
          offsets ? align(library.packedFormat(groups(), columns, weights.type()).bytes()) : 0;
      return codeBytes() + scaleBytes() + offsetBytes;
    }
  }

  /** First columns of the slices, followed by {@link #outputs}. */
  int[] starts() {
    int[] starts = new int[slices.size() + 1];
    for (int slice = 0; slice < slices.size(); slice++) {
      starts[slice] = slices.get(slice).start();
    }
    starts[slices.size()] = outputs;
    return starts;
  }

  /** Native bytes, with a bias. */
  long bytes(OneDnn library) {
    return slices.stream().mapToLong(slice -> slice.bytes(library)).sum()
        + (long) outputs * Float.BYTES;
  }

  private static long align(long bytes) {
    return (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
  }
}
