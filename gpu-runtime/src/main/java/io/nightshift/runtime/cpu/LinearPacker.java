package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.LinearFormat.DenseFormat;
import io.nightshift.runtime.cpu.LinearFormat.QuantizedFormat;
import io.nightshift.runtime.cpu.LinearFormat.SliceFormat;
import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.cpu.onednn.Scratchpad;
import io.nightshift.runtime.model.Tensor;
import java.nio.FloatBuffer;
import java.util.List;

/** Packs weight tensors. Owned by one thread. */
final class LinearPacker implements AutoCloseable {
  private final LinearFormats formats;
  private final boolean roundToBf16;
  private final KernelCache kernels;
  private final QuantizedPacker quantizedPacker;
  private final Scratchpad staging = new Scratchpad("weights to be packed");

  /**
   * @param roundToBf16 whether f32 weights are rounded to the nearest bf16 value
   */
  LinearPacker(LinearFormats formats, KernelCache kernels, boolean roundToBf16) {
    this.formats = formats;
    this.roundToBf16 = roundToBf16;
    this.kernels = kernels;
    quantizedPacker = new QuantizedPacker(kernels);
  }

  /**
   * Packs one linear layer whose outputs are those of all {@code weights}, one after another.
   *
   * @param biases one for each of {@code weights}, or an empty list
   */
  PackedLinear pack(List<Tensor> weights, List<Tensor> biases) {
    return pack(formats.of(weights), weights, biases, roundToBf16);
  }

  /**
   * Packs one linear layer in f32, without rounding.
   *
   * @param biases one or none
   */
  PackedLinear packExactly(Tensor weights, List<Tensor> biases) {
    return pack(LinearFormats.exact(weights), List.of(weights), biases, false);
  }

  private PackedLinear pack(
      LinearFormat format, List<Tensor> weights, List<Tensor> biases, boolean rounded) {
    NativeMemory memory =
        NativeMemory.allocate(format.bytes(formats.library()), weights.get(0).name());
    LinearSlice[] slices = new LinearSlice[format.slices().size()];
    long next = memory.address();
    for (int slice = 0; slice < slices.length; slice++) {
      SliceFormat sliceFormat = format.slices().get(slice);
      slices[slice] =
          sliceFormat instanceof QuantizedFormat quantized
              ? quantizedPacker.pack(quantized, memory, next)
              : packDense((DenseFormat) sliceFormat, weights, rounded, next);
      next += sliceFormat.bytes(formats.library());
    }
    return new PackedLinear(
        format, slices, packBias(memory, format.outputs(), biases, next), memory);
  }

  private DenseSlice packDense(
      DenseFormat format, List<Tensor> weights, boolean rounded, long address) {
    int inputs = format.inputs();
    int columns = format.columns();
    NativeMemory plain = staging.memory((long) columns * inputs * Float.BYTES);
    FloatBuffer floats = plain.floats(columns * inputs);
    float[] row = new float[inputs];
    for (int column = 0; column < columns; column++) {
      readRow(weights, format.start() + column, row, rounded);
      floats.put(column * inputs, row);
    }
    kernels.pack(inputs, columns, format.type()).run(plain.address(), address);
    return new DenseSlice(inputs, columns, format.type(), address);
  }

  private static long packBias(
      NativeMemory memory, int outputs, List<Tensor> biases, long address) {
    if (biases.isEmpty()) {
      return 0;
    }
    float[] values = new float[outputs];
    int offset = 0;
    for (Tensor bias : biases) {
      bias.readRows(0, 1, values, offset);
      offset += bias.columns();
    }
    memory.floats((address - memory.address()) / Float.BYTES, outputs).put(0, values);
    return address;
  }

  private static void readRow(List<Tensor> weights, int row, float[] target, boolean rounded) {
    int first = 0;
    for (Tensor tensor : weights) {
      if (row < first + tensor.rows()) {
        tensor.readRows(row - first, 1, target, 0);
        break;
      }
      first += tensor.rows();
    }
    if (rounded) {
      for (int i = 0; i < target.length; i++) {
        target[i] = roundToBf16(target[i]);
      }
    }
  }

  /** The nearest bf16 value, ties to even. */
  static float roundToBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat((bits + 0x7fff + (bits >>> 16 & 1)) & 0xffff0000);
  }

  @Override
  public void close() {
    staging.close();
    quantizedPacker.close();
  }
}
