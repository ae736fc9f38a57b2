package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.LinearFormat.QuantizedFormat;
import io.nightshift.runtime.cpu.onednn.CodeLayout;
import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.cpu.onednn.Scratchpad;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** Writes the codes, scales and offsets of quantized tensors as a {@link QuantizedSlice}. */
final class QuantizedPacker implements AutoCloseable {
  private final KernelCache kernels;
  private final Scratchpad staging = new Scratchpad("offsets to be packed");

  QuantizedPacker(KernelCache kernels) {
    this.kernels = kernels;
  }

  /**
   * Packs one slice.
   *
   * @param address within {@code memory}, with room for {@link QuantizedFormat#bytes}
   */
  QuantizedSlice pack(QuantizedFormat format, NativeMemory memory, long address) {
    SignedCodes signed = SignedCodes.of(format.tensor().quantization().codes());
    writeCodes(format, signed.table(), memory, address);
    long scales = address + format.codeBytes();
    DenseSlice offsets = writeGroups(format, signed, memory, scales);
    return new QuantizedSlice(
        format.inputs(), format.columns(), format.weights(), address, scales, offsets);
  }

  private static void writeCodes(
      QuantizedFormat format, byte[] table, NativeMemory memory, long address) {
    int inputs = format.inputs();
    int columns = format.columns();
    CodeLayout layout = format.weights().codes();
    byte[] codes = new byte[inputs];
    byte[] packed = new byte[Math.toIntExact(layout.bytes(inputs, columns))];
    int step = layout.transposed() ? 1 : columns;
    for (int column = 0; column < columns; column++) {
      format.tensor().readCodes(format.firstRow() + column, codes, 0);
      int element = layout.transposed() ? column * inputs : column;
      for (int input = 0; input < inputs; input++) {
        byte integer = table[codes[input] & 0xFF];
        if (layout == CodeLayout.INT8) {
          packed[element] = integer;
        } else {
          packed[element >> 1] |= (byte) ((integer & 0x0F) << (element & 1) * 4);
        }
        element += step;
      }
    }
    memory.bytes(address - memory.address(), packed.length).put(packed);
  }

  /** Writes the scales, and the offsets, if there are any, after them. */
  private @Nullable DenseSlice writeGroups(
      QuantizedFormat format, SignedCodes signed, NativeMemory memory, long address) {
    int columns = format.columns();
    int groups = format.groups();
    int tensorGroup = format.tensor().quantization().groupSize();
    float[] scales = new float[format.tensor().quantization().groupCount(format.inputs())];
    float[] offsets = new float[scales.length];
    FloatBuffer scaleMatrix =
        memory.floats((address - memory.address()) / Float.BYTES, groups * columns);
    NativeMemory plain = staging.memory((long) groups * columns * Float.BYTES);
    FloatBuffer offsetRows = plain.floats(groups * columns);
    for (int column = 0; column < columns; column++) {
      format.tensor().readGroups(format.firstRow() + column, scales, offsets);
      for (int group = 0; group < groups; group++) {
        // A group of the slice is one of the tensor's, or a part of one.
        int whole = group * format.weights().groupSize() / tensorGroup;
        scaleMatrix.put(group * columns + column, scales[whole] * signed.step());
        offsetRows.put(column * groups + group, offsets[whole] + signed.center() * scales[whole]);
      }
    }
    if (!format.offsets()) {
      return null;
    }
    long packed = address + format.scaleBytes();
    kernels.pack(groups, columns, format.weights().type()).run(plain.address(), packed);
    return new DenseSlice(groups, columns, format.weights().type(), packed);
  }

  @Override
  public void close() {
    staging.close();
  }
}
