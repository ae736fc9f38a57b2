package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.ElementType;
import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.MatMul;
import io.nightshift.runtime.cpu.onednn.MatMul.PostOperation;
import io.nightshift.runtime.cpu.onednn.MatMul.Weights;
import io.nightshift.runtime.cpu.onednn.NativeMemory;

/**
 * The weights of a linear layer, packed, in slices of output columns: slices of this width run
 * faster than the whole, and are what threads share when there are few rows.
 */
final class PackedLinear implements AutoCloseable {
  /** Columns of a slice at most; measured best of 96 to 1,536 on AVX2. */
  private static final int SLICE_COLUMNS = 192;

  private final int inputs;
  private final int outputs;
  private final ElementType type;
  private final boolean bias;
  private final int[] starts;
  private final long[] addresses;
  private final long biasAddress;
  private final NativeMemory memory;

  /** Takes over {@code memory}, in which the packer has put slices and bias. */
  PackedLinear(
      int inputs,
      int outputs,
      ElementType type,
      int[] starts,
      long[] addresses,
      long biasAddress,
      NativeMemory memory) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.type = type;
    this.bias = biasAddress != 0;
    this.starts = starts;
    this.addresses = addresses;
    this.biasAddress = biasAddress;
    this.memory = memory;
  }

  /** First columns of the slices, and {@code outputs} behind them. */
  static int[] sliceStarts(int outputs) {
    int count = (outputs + SLICE_COLUMNS - 1) / SLICE_COLUMNS;
    int[] starts = new int[count + 1];
    for (int i = 0; i < count; i++) {
      starts[i] = Math.min(i * SLICE_COLUMNS, outputs);
    }
    starts[count] = outputs;
    return starts;
  }

  int inputs() {
    return inputs;
  }

  int outputs() {
    return outputs;
  }

  ElementType type() {
    return type;
  }

  int slices() {
    return addresses.length;
  }

  /**
   * Computes {@code rows} output rows.
   *
   * @param source dense rows of {@link #type()}
   * @param target dense f32 rows
   * @param factor matrix laid out as the target, for {@link PostOperation#MULTIPLY}; else unused
   */
  void multiply(
      KernelCache kernels, int rows, long source, long target, PostOperation post, long factor) {
    for (int slice = 0; slice < slices(); slice++) {
      multiply(kernels, slice, rows, source, target, post, factor);
    }
  }

  /** Computes one slice of the output columns. */
  void multiply(
      KernelCache kernels,
      int slice,
      int rows,
      long source,
      long target,
      PostOperation post,
      long factor) {
    int start = starts[slice];
    int columns = starts[slice + 1] - start;
    var kernel =
        kernels.matMul(
            new MatMul(
                rows, inputs, columns, inputs, Weights.PACKED, 0, outputs, type, bias, post));
    long offset = (long) start * Float.BYTES;
    if (bias) {
      kernel.run(source, addresses[slice], target + offset, biasAddress + offset);
    } else if (post == PostOperation.MULTIPLY) {
      kernel.run(source, addresses[slice], target + offset, factor + offset);
    } else {
      kernel.run(source, addresses[slice], target + offset);
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
