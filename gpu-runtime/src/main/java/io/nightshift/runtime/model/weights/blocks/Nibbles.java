package io.nightshift.runtime.model.weights.blocks;

/** Half bytes: two codes of 4 bits each. */
final class Nibbles {
  private Nibbles() {}

  /** Takes the low halves of {@code count} bytes, and after them their high halves. */
  static void halves(byte[] source, int from, int count, byte[] target, int to) {
    for (int i = 0; i < count; i++) {
      target[to + i] = (byte) (source[from + i] & 0x0F);
    }
    for (int i = 0; i < count; i++) {
      target[to + count + i] = (byte) (source[from + i] >> 4 & 0x0F);
    }
  }
}
