package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.RopeConfig;
import java.util.Arrays;

/**
 * Cosines and sines of the rotary embedding (Su et al., "RoFormer", 2021) for all positions seen so
 * far, in the half-split layout of Hugging Face.
 */
final class RotaryTable implements HeadRotation {
  private final int headSize;
  private final int dimensions;
  private final Angles usual;
  private final Angles longContext;

  RotaryTable(RopeConfig rope, int headSize) {
    this.headSize = headSize;
    dimensions = rope.dimensions();
    usual = new Angles(rope.inverseFrequencies(), rope.attentionFactor());
    longContext =
        rope.longContext().isPresent()
            ? new Angles(rope.longInverseFrequencies(), rope.attentionFactor())
            : usual;
  }

  /** Computes the table up to position {@code last}. Must not be called during a step. */
  void cover(int last) {
    usual.cover(last);
    longContext.cover(last);
  }

  @Override
  public void rotate(
      float[] head, int offset, int position, boolean inLong, float scale, float[] target) {
    Angles angles = inLong ? longContext : usual;
    float[] cosines = angles.cosines;
    float[] sines = angles.sines;
    int half = dimensions / 2;
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
    for (int i = offset + dimensions; i < offset + headSize; i++) {
      target[i] = head[i] * scale;
    }
  }

  /** Cosines and sines of one set of frequencies. */
  private static final class Angles {
    private final float[] frequencies;
    private final float factor;
    private float[] cosines = new float[0];
    private float[] sines = new float[0];
    private int positions;

    Angles(float[] frequencies, float factor) {
      this.frequencies = frequencies;
      this.factor = factor;
    }

    void cover(int last) {
      if (last < positions) {
        return;
      }
      int half = frequencies.length;
      int wanted = Math.max(last + 1, Math.max(256, positions * 2));
      cosines = Arrays.copyOf(cosines, Math.multiplyExact(wanted, half));
      sines = Arrays.copyOf(sines, wanted * half);
      for (int position = positions; position < wanted; position++) {
        for (int i = 0; i < half; i++) {
          // In f32, as in Hugging Face transformers.
          float angle = position * frequencies[i];
          cosines[position * half + i] = (float) Math.cos(angle) * factor;
          sines[position * half + i] = (float) Math.sin(angle) * factor;
        }
      }
      positions = wanted;
    }
  }
}
