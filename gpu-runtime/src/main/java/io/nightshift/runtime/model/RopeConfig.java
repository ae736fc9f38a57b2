package io.nightshift.runtime.model;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Rotary position embedding (Su et al., "RoFormer", 2021), in the half-split layout of Hugging
 * Face: of the first {@code dimensions} elements of a head, {@code i} and {@code i + dimensions /
 * 2} are a pair. The others do not rotate.
 *
 * <p>Context extensions that rescale frequencies, linear, Llama 3's, YaRN and LongRoPE, are
 * represented by a divisor for each frequency. GGUF files store some of these; others are computed
 * from the configuration.
 *
 * @param theta base of the geometric sequence of wavelengths
 * @param dimensions number of elements of a head that rotate, even
 * @param frequencyFactors divisors of the {@code dimensions / 2} frequencies
 * @param attentionFactor factor of cosines and sines, and so of rotated elements (YaRN, LongRoPE)
 * @param longContext other divisors for long sequences (LongRoPE)
 */
public record RopeConfig(
    float theta,
    int dimensions,
    List<Float> frequencyFactors,
    float attentionFactor,
    Optional<LongContext> longContext) {

  /**
   * Divisors for sequences of more than {@code originalPositions} tokens, prompt and output
   * together (Ding et al., "LongRoPE", 2024).
   */
  public record LongContext(int originalPositions, List<Float> frequencyFactors) {
    public LongContext {
      frequencyFactors = List.copyOf(frequencyFactors);
      ModelConfig.requirePositive("original context", originalPositions);
    }
  }

  /**
   * @throws IllegalArgumentException if a value is not positive and finite, or numbers of divisors
   *     and dimensions do not agree
   */
  public RopeConfig {
    frequencyFactors = List.copyOf(frequencyFactors);
    ModelConfig.requirePositive("rope theta", theta);
    ModelConfig.requirePositive("rope dimensions", dimensions);
    ModelConfig.require(dimensions % 2 == 0, "rope dimensions %d are odd", dimensions);
    ModelConfig.requirePositive("rope attention factor", attentionFactor);
    requireDivisors(frequencyFactors, dimensions);
    longContext.ifPresent(context -> requireDivisors(context.frequencyFactors(), dimensions));
  }

  private static void requireDivisors(List<Float> factors, int dimensions) {
    ModelConfig.require(
        factors.size() == dimensions / 2,
        "%d rope frequency factors for %d dimensions",
        factors.size(),
        dimensions);
    factors.forEach(factor -> ModelConfig.requirePositive("rope frequency factor", factor));
  }

  /** Rotary embedding of so many elements of a head, without scaling. */
  public static RopeConfig unscaled(float theta, int dimensions) {
    return scaled(theta, dimensions, Collections.nCopies(dimensions / 2, 1f));
  }

  /** Rotary embedding of so many elements of a head, with divided frequencies. */
  public static RopeConfig scaled(float theta, int dimensions, List<Float> frequencyFactors) {
    return new RopeConfig(theta, dimensions, frequencyFactors, 1, Optional.empty());
  }

  /**
   * The frequency of each of the {@code dimensions / 2} pairs, in radians per position, scaling
   * included. Rounded to f32 as in Hugging Face transformers, since models were trained with that
   * rounding.
   */
  public float[] inverseFrequencies() {
    return inverseFrequencies(frequencyFactors);
  }

  /** As {@link #inverseFrequencies()}, for long sequences if these have other ones. */
  public float[] longInverseFrequencies() {
    return inverseFrequencies(
        longContext.map(LongContext::frequencyFactors).orElse(frequencyFactors));
  }

  private float[] inverseFrequencies(List<Float> factors) {
    float[] frequencies = new float[dimensions / 2];
    for (int pair = 0; pair < frequencies.length; pair++) {
      float exponent = (float) (2 * pair) / dimensions;
      frequencies[pair] = 1f / (float) Math.pow(theta, exponent) / factors.get(pair);
    }
    return frequencies;
  }
}
