package io.nightshift.runtime.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Encodes rows that are not stored as they are read. The buffers are read-only, little-endian. */
public final class FloatEncoder {
  private FloatEncoder() {}

  public static ByteBuffer f32(float[] elements) {
    ByteBuffer bytes = buffer(elements.length * Float.BYTES);
    bytes.asFloatBuffer().put(elements);
    return readOnly(bytes);
  }

  /** For numbers that bfloat16 represents exactly: it is the upper half of an IEEE 754 single. */
  public static ByteBuffer exactBf16(float[] elements) {
    ByteBuffer bytes = buffer(elements.length * Short.BYTES);
    for (int i = 0; i < elements.length; i++) {
      bytes.putShort(i * Short.BYTES, (short) (Float.floatToRawIntBits(elements[i]) >>> 16));
    }
    return readOnly(bytes);
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer readOnly(ByteBuffer bytes) {
    return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
