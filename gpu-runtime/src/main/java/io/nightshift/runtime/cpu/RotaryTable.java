package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.RopeConfig;
import java.util.Arrays;

/**
 * Cosines and sines of the rotary embedding (Su et al., "RoFormer", 2021) for all positions seen so
 * far, in the half-split layout of Hugging Face.
 */
final class RotaryTable {
  private final float[] frequencies;
  private final int half;
  private float[] cosines = new float[0];
  private float[] sines = new float[0];
  private int positions;

  RotaryTable(RopeConfig rope, int headSize) {
    frequencies = rope.inverseFrequencies();
    half = headSize / 2;
  }

  /** Computes the table up to position {@code last}. Must not be called during a step. */
  void cover(int last) {
    if (last < positions) {
      return;
    }
    int wanted = Math.max(last + 1, Math.max(256, positions * 2));
    cosines = Arrays.copyOf(cosines, Math.multiplyExact(wanted, half));
    sines = Arrays.copyOf(sines, wanted * half);
    for (int position = positions; position < wanted; position++) {
      for (int i = 0; i < half; i++) {
        // In f32, as in Hugging Face transformers.
        float angle = position * frequencies[i];
        cosines[position * half + i] = (float) Math.cos(angle);
        sines[position * half + i] = (float) Math.sin(angle);
      }
    }
    positions = wanted;
  }

  /**
   * Rotates one head and scales it.
   *
   * @param head array with the head at elements {@code offset} to {@code offset + headSize}; not
   *     changed
   * @param target receives the result at the same elements
   */
  void rotate(float[] head, int offset, int position, float scale, float[] target) {
    int angle = position * half;
    for (int i = 0; i < half; i++) {
      target[offset + i] =
          (head[offset + i] * cosines[angle + i] - head[offset + half + i] * sines[angle + i])
              * scale;
    }
    for (int i = 0; i < half; i++) {
      target[offset + half + i] =
          (head[offset + half + i] * cosines[angle + i] + head[offset + i] * sines[angle + i])
              * scale;
    }
  }
}
