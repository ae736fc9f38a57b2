package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.weights.blocks.Scales;

/** Reads elements of stored tensors of any type with one element a block, as floats. */
public final class StoredNumbers {
  private StoredNumbers() {}

  /**
   * Reads consecutive elements to the start of {@code target}. {@link TensorType#U8} and {@link
   * TensorType#I8} are read as integers.
   */
  public static void read(StoredTensor tensor, long first, int count, float[] target) {
    TensorType type = tensor.type();
    byte[] bytes = new byte[Math.toIntExact(type.bytes(count))];
    tensor.file().read(tensor.offset() + type.bytes(first), bytes, bytes.length);
    switch (type) {
      case U8 -> {
        for (int i = 0; i < count; i++) {
          target[i] = bytes[i] & 0xFF;
        }
      }
      case I8 -> {
        for (int i = 0; i < count; i++) {
          target[i] = bytes[i];
        }
      }
      case F8_E4M3 -> {
        for (int i = 0; i < count; i++) {
          target[i] = CodeType.E4M3.value(bytes[i]);
        }
      }
      case F8_E8M0 -> {
        for (int i = 0; i < count; i++) {
          target[i] = Scales.e8m0(bytes[i]);
        }
      }
      default -> FloatDecoder.of(type).decode(bytes, count, target, 0);
    }
  }
}
