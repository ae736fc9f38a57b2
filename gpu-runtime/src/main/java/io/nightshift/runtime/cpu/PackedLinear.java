package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.Kernel;
import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.MatMul;
import io.nightshift.runtime.cpu.onednn.MatMul.Epilogue;
import io.nightshift.runtime.cpu.onednn.MatMul.PostOperation;
import io.nightshift.runtime.cpu.onednn.MatMul.WeightLayout;
import io.nightshift.runtime.cpu.onednn.MatMul.Weights;
import io.nightshift.runtime.cpu.onednn.MatMulType;
import io.nightshift.runtime.cpu.onednn.NativeMemory;

/**
 * Packed weights of a linear layer, in slices of output columns. Slices of this width run faster
 * than the whole matrix, and threads share them if there are few rows.
 */
final class PackedLinear implements AutoCloseable {
  /** Maximum number of columns per slice; the fastest of 96 to 1,536 on AVX2. */
  private static final int SLICE_COLUMNS = 192;

  private final int inputs;
  private final int outputs;
  private final Weights weights;
  private final boolean bias;
  private final int[] starts;
  private final long[] addresses;
  private final long biasAddress;
  private final NativeMemory memory;

  /**
   * Takes ownership of {@code memory}, which holds the slices and the bias.
   *
   * @param starts first columns of the slices, as {@link #sliceStarts} returns them
   * @param addresses of the slices
   * @param biasAddress address of {@code outputs} floats, or 0 if there is no bias
   */
  PackedLinear(
      int inputs,
      MatMulType type,
      int[] starts,
      long[] addresses,
      long biasAddress,
      NativeMemory memory) {
    this.inputs = inputs;
    this.outputs = starts[starts.length - 1];
    this.weights = new Weights(WeightLayout.PACKED, type);
    this.bias = biasAddress != 0;
    this.starts = starts;
    this.addresses = addresses;
    this.biasAddress = biasAddress;
    this.memory = memory;
  }

  /** First columns of the slices, followed by {@code outputs}. */
  static int[] sliceStarts(int outputs) {
    int count = (outputs + SLICE_COLUMNS - 1) / SLICE_COLUMNS;
    int[] starts = new int[count + 1];
    for (int i = 0; i < count; i++) {
      starts[i] = Math.min(i * SLICE_COLUMNS, outputs);
    }
    starts[count] = outputs;
    return starts;
  }

  /** The same weights, which remain those of this linear layer, without the bias. */
  PackedLinear withoutBias() {
    return bias ? new PackedLinear(inputs, type(), starts, addresses, 0, memory) : this;
  }

  int inputs() {
    return inputs;
  }

  int outputs() {
    return outputs;
  }

  MatMulType type() {
    return weights.type();
  }

  int slices() {
    return addresses.length;
  }

  /** Computes all output columns of {@code operands.rows()} rows. */
  void multiply(KernelCache kernels, LinearOperands operands) {
    for (int slice = 0; slice < slices(); slice++) {
      multiplySlice(kernels, slice, operands);
    }
  }

  /** Computes one slice of the output columns. */
  void multiplySlice(KernelCache kernels, int slice, LinearOperands operands) {
    int start = starts[slice];
    int columns = starts[slice + 1] - start;
    PostOperation post = operands.post();
    Epilogue epilogue = new Epilogue(bias, operands.scaling(), post);
    Kernel kernel =
        kernels.matMul(new MatMul(operands.rows(), inputs, columns, outputs, weights, epilogue));
    long offset = (long) start * Float.BYTES;
    long source = operands.source();
    long target = operands.target() + offset;
    if (bias && post.hasFactor()) {
      kernel.run(
          source, addresses[slice], target, biasAddress + offset, operands.factor() + offset);
    } else if (bias) {
      kernel.run(source, addresses[slice], target, biasAddress + offset);
    } else if (post.hasFactor()) {
      kernel.run(source, addresses[slice], target, operands.factor() + offset);
    } else {
      kernel.run(source, addresses[slice], target);
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
