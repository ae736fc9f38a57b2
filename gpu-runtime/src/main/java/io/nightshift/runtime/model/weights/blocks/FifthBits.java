package io.nightshift.runtime.model.weights.blocks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The codes of Q5_0 and Q5_1: a 32-bit word with a fifth bit for each, then the lower four. */
final class FifthBits {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private FifthBits() {}

  /** Decodes 32 codes of 5 bits from 20 bytes, less {@code zeroPoint}. */
  static void codes(byte[] source, int from, int zeroPoint, byte[] target, int to) {
    int fifthBits = (int) INT.get(source, from);
    Nibbles.halves(source, from + Integer.BYTES, 16, target, to);
    for (int i = 0; i < 32; i++) {
      target[to + i] = (byte) ((target[to + i] | (fifthBits >>> i & 1) << 4) - zeroPoint);
    }
  }
}
