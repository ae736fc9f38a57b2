package io.nightshift.runtime.model;

import java.util.Optional;

/**
 * Rotary position embedding (Su et al., 2021), in the half-split layout of Hugging Face: element
 * {@code i} of a head pairs with element {@code i + headSize / 2}.
 *
 * @param theta base of the geometric sequence of wave lengths
 * @param scaling Llama 3's frequency scaling, where the model has it
 */
public record RopeConfig(float theta, Optional<Llama3Scaling> scaling) {

  /**
   * The scaling of Llama 3.1 and later, as {@code rope_type: llama3} in Hugging Face transformers.
   *
   * @param factor by which long wave lengths are stretched
   * @param lowFrequencyFactor wave lengths over {@code originalMaxPositions / lowFrequencyFactor}
   *     are stretched fully
   * @param highFrequencyFactor wave lengths under {@code originalMaxPositions /
   *     highFrequencyFactor} stay as they are
   * @param originalMaxPositions context length the model was pre-trained with
   */
  public record Llama3Scaling(
      float factor,
      float lowFrequencyFactor,
      float highFrequencyFactor,
      int originalMaxPositions) {}
}
