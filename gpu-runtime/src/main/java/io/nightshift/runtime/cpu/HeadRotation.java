package io.nightshift.runtime.cpu;

/** Rotary embedding of one layer. */
interface HeadRotation {

  /**
   * Rotates one head and scales it.
   *
   * @param head array with the head at elements {@code offset} to {@code offset + headSize}; not
   *     changed
   * @param longContext whether frequencies are those of long sequences
   * @param target receives the result at the same elements
   */
  void rotate(
      float[] head, int offset, int position, boolean longContext, float scale, float[] target);

  /** No rotary embedding: heads are only scaled (SmolLM3: every fourth layer). */
  record None(int headSize) implements HeadRotation {
    @Override
    public void rotate(
        float[] head, int offset, int position, boolean longContext, float scale, float[] target) {
      for (int i = offset; i < offset + headSize; i++) {
        target[i] = head[i] * scale;
      }
    }
  }
}
