package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.MatMulType;
import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.cpu.onednn.OneDnn;
import io.nightshift.runtime.cpu.onednn.Scratchpad;
import io.nightshift.runtime.model.Tensor;
import java.nio.FloatBuffer;
import java.util.List;

/** Dequantizes weight tensors and packs them. Owned by one thread. */
final class LinearPacker implements AutoCloseable {
  private final OneDnn library;
  private final MatMulType type;
  private final boolean roundToBf16;
  private final KernelCache kernels;
  private final Scratchpad staging = new Scratchpad("weights to be packed");

  /**
   * @param type of the packed weights
   * @param roundToBf16 whether f32 weights are rounded to the nearest bf16 value
   */
  LinearPacker(OneDnn library, KernelCache kernels, MatMulType type, boolean roundToBf16) {
    this.library = library;
    this.type = type;
    this.roundToBf16 = roundToBf16;
    this.kernels = kernels;
  }

  /** Native bytes of a packed matrix of this shape, bias included. */
  static long bytes(OneDnn library, MatMulType type, int inputs, int outputs) {
    int[] starts = PackedLinear.sliceStarts(outputs);
    long sum = (long) outputs * Float.BYTES;
    for (int slice = 0; slice + 1 < starts.length; slice++) {
      sum += align(library.packedFormat(inputs, starts[slice + 1] - starts[slice], type).bytes());
    }
    return sum;
  }

  /**
   * Packs one linear layer whose outputs are those of all {@code weights}, one after another.
   *
   * @param biases one for each of {@code weights}, or an empty list
   */
  PackedLinear pack(List<Tensor> weights, List<Tensor> biases) {
    return pack(weights, biases, type, roundToBf16);
  }

  /**
   * Packs one linear layer in f32, without rounding.
   *
   * @param biases one or none
   */
  PackedLinear packExactly(Tensor weights, List<Tensor> biases) {
    return pack(List.of(weights), biases, MatMulType.F32, false);
  }

  private PackedLinear pack(
      List<Tensor> weights, List<Tensor> biases, MatMulType packedType, boolean rounded) {
    int inputs = weights.get(0).columns();
    int outputs = weights.stream().mapToInt(Tensor::rows).sum();
    int[] starts = PackedLinear.sliceStarts(outputs);
    NativeMemory memory =
        NativeMemory.allocate(bytes(library, packedType, inputs, outputs), weights.get(0).name());
    long[] addresses = new long[starts.length - 1];
    long next = memory.address();
    float[] row = new float[inputs];
    for (int slice = 0; slice < addresses.length; slice++) {
      int columns = starts[slice + 1] - starts[slice];
      NativeMemory plain = staging.memory((long) columns * inputs * Float.BYTES);
      FloatBuffer floats = plain.floats(columns * inputs);
      for (int column = 0; column < columns; column++) {
        readRow(weights, starts[slice] + column, row, rounded);
        floats.put(column * inputs, row);
      }
      addresses[slice] = next;
      kernels.pack(inputs, columns, packedType).run(plain.address(), next);
      next += align(library.packedFormat(inputs, columns, packedType).bytes());
    }
    return new PackedLinear(
        inputs, packedType, starts, addresses, packBias(memory, outputs, biases, next), memory);
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
    int bytes = Math.toIntExact(address - memory.address());
    memory.floats(bytes / Float.BYTES + outputs).put(bytes / Float.BYTES, values);
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

  private static long align(long bytes) {
    return (bytes + 63) / 64 * 64;
  }

  @Override
  public void close() {
    staging.close();
  }
}
