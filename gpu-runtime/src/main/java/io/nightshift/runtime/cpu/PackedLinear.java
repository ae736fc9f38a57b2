package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.MatMul.Epilogue;
import io.nightshift.runtime.cpu.onednn.MatMulType;
import io.nightshift.runtime.cpu.onednn.NativeMemory;

/**
 * Weights of a linear layer, in slices of output columns. Slices of this width run faster than the
 * whole matrix, and threads share them if there are few rows.
 */
final class PackedLinear implements AutoCloseable {
  /** Maximum number of columns per slice; the fastest of 96 to 1,536 on AVX2. */
  static final int SLICE_COLUMNS = 192;

  /** A slice of more inputs is narrower, so that it fits the second-level cache. */
  private static final int WIDE_SLICE_INPUTS = 2048;

  private static final int NARROW_SLICE_COLUMNS = 64;

  private final LinearFormat format;
  private final LinearSlice[] slices;
  private final int[] starts;
  private final long biasAddress;
  private final NativeMemory memory;

  /**
   * Takes ownership of {@code memory}, which holds the slices and the bias.
   *
   * @param biasAddress address of {@code outputs} floats, or 0 if there is no bias
   */
  PackedLinear(LinearFormat format, LinearSlice[] slices, long biasAddress, NativeMemory memory) {
    this.format = format;
    this.slices = slices;
    this.starts = format.starts();
    this.biasAddress = biasAddress;
    this.memory = memory;
  }

  /** Maximum number of columns of a slice of so many inputs. */
  static int sliceColumns(int inputs) {
    return inputs < WIDE_SLICE_INPUTS ? SLICE_COLUMNS : NARROW_SLICE_COLUMNS;
  }

  /** Elements of the largest slice of layers of up to so many inputs. */
  static long largestSlice(int inputs) {
    long wide = (long) Math.min(inputs, WIDE_SLICE_INPUTS - 1) * SLICE_COLUMNS;
    return Math.max(wide, (long) inputs * NARROW_SLICE_COLUMNS);
  }

  /** The same weights, which remain those of this linear layer, without the bias. */
  PackedLinear withoutBias() {
    return biasAddress == 0 ? this : new PackedLinear(format, slices, 0, memory);
  }

  int inputs() {
    return format.inputs();
  }

  int outputs() {
    return format.outputs();
  }

  /** Element type of the input rows. */
  MatMulType type() {
    return format.type();
  }

  int slices() {
    return slices.length;
  }

  /** Native bytes of the weights and the bias. */
  long bytes() {
    return memory.bytes();
  }

  /** Computes all output columns of the rows of {@code operands}. */
  void multiply(KernelCache kernels, LinearOperands operands) {
    for (int slice = 0; slice < slices.length; slice++) {
      multiplySlice(kernels, slice, operands);
    }
  }

  /** Computes one slice of the output columns. */
  void multiplySlice(KernelCache kernels, int slice, LinearOperands operands) {
    long offset = (long) starts[slice] * Float.BYTES;
    boolean bias = biasAddress != 0;
    slices[slice].multiply(
        kernels,
        new SliceOperands(
            operands.input(),
            operands.target() + offset,
            outputs(),
            new Epilogue(bias, false, operands.scaling(), operands.post()),
            biasAddress + offset,
            operands.factor() + offset));
  }

  @Override
  public void close() {
    memory.close();
  }
}
