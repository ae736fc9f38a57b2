package io.nightshift.runtime.engine;

import java.io.Serializable;
import java.util.Locale;

/**
 * How a prompt becomes a vector. The hidden states are those after the final norm.
 *
 * @param dimensions number of leading elements to keep; 0 for all. For models that were trained so
 *     that these are an embedding by themselves (Kusupati et al., "Matryoshka representation
 *     learning", 2022)
 * @param normalize whether the vector, cut to its dimensions, is divided by its Euclidean norm
 */
public record EmbeddingParameters(Pooling pooling, int dimensions, boolean normalize)
    implements Serializable {

  /**
   * @throws IllegalArgumentException if the number of dimensions is negative
   */
  public EmbeddingParameters {
    if (dimensions < 0) {
      throw new IllegalArgumentException("an embedding cannot have " + dimensions + " dimensions");
    }
  }

  /** Which hidden states make up an embedding. */
  public enum Pooling {
    /** That of the last token of the prompt. */
    LAST,
    /** The mean of those of all tokens of the prompt. */
    MEAN;

    /** As a job file has it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Number of elements of an embedding of a model. */
  public int size(int hiddenSize) {
    return dimensions == 0 ? hiddenSize : dimensions;
  }
}
