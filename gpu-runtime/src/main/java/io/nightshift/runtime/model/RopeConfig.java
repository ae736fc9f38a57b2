package io.nightshift.runtime.model;

import java.util.List;

/**
 * Rotary position embedding (Su et al., "RoFormer", 2021), in the half-split layout of Hugging
 * Face: elements {@code i} and {@code i + headSize / 2} of a head are a pair.
 *
 * <p>Context extensions that rescale frequencies, linear and Llama 3's, are represented by a
 * divisor for each frequency. GGUF files store these; for Hugging Face folders they are computed
 * from {@code rope_scaling}.
 *
 * @param theta base of the geometric sequence of wavelengths
 * @param frequencyFactors divisors of the {@code headSize / 2} frequencies; empty if the
 *     frequencies are not scaled
 */
public record RopeConfig(float theta, List<Float> frequencyFactors) {

  /**
   * @throws IllegalArgumentException if a value is not positive and finite
   */
  public RopeConfig {
    frequencyFactors = List.copyOf(frequencyFactors);
    requirePositive("rope theta", theta);
    frequencyFactors.forEach(factor -> requirePositive("rope frequency factor", factor));
  }

  private static void requirePositive(String what, float value) {
    if (!(value > 0) || Float.isInfinite(value)) {
      throw new IllegalArgumentException(what + " is " + value + ", expected a positive number");
    }
  }

  /** Rotary embedding without scaling. */
  public static RopeConfig unscaled(float theta) {
    return new RopeConfig(theta, List.of());
  }

  /**
   * The frequency of each of the {@code headSize / 2} pairs, in radians per position, scaling
   * included. Rounded to f32 as in Hugging Face transformers, since models were trained with that
   * rounding.
   */
  public float[] inverseFrequencies(int headSize) {
    float[] frequencies = new float[headSize / 2];
    for (int pair = 0; pair < frequencies.length; pair++) {
      float exponent = (float) (2 * pair) / headSize;
      float frequency = 1f / (float) Math.pow(theta, exponent);
      frequencies[pair] =
          frequencyFactors.isEmpty() ? frequency : frequency / frequencyFactors.get(pair);
    }
    return frequencies;
  }
}
