package io.nightshift.runtime.engine;

import java.util.OptionalInt;

/**
 * How a prompt becomes a vector. The hidden states are those after the final norm.
 *
 * @param dimensions number of leading elements to keep; empty for all. For models that were trained
 *     so that these are an embedding by themselves (Kusupati et al., "Matryoshka representation
 *     learning", 2022)
 * @param normalize whether the vector, cut to its dimensions, is divided by its Euclidean norm
 */
public record EmbeddingParameters(Pooling pooling, OptionalInt dimensions, boolean normalize) {

  /**
   * @throws IllegalArgumentException if there are no dimensions
   */
  public EmbeddingParameters {
    if (dimensions.isPresent() && dimensions.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "an embedding has at least one dimension, not " + dimensions.getAsInt());
    }
  }

  /** Which hidden states make up an embedding. */
  public enum Pooling {
    /** That of the last token of the prompt. */
    LAST,
    /** The mean of those of all tokens of the prompt. */
    MEAN
  }

  /** Number of elements of an embedding of a model. */
  public int size(int hiddenSize) {
    return dimensions.orElse(hiddenSize);
  }
}
