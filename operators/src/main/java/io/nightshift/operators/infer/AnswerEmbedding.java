package io.nightshift.operators.infer;

import io.nightshift.runtime.engine.EmbeddingParameters;
import io.nightshift.runtime.engine.EmbeddingParameters.Pooling;
import java.io.Serializable;

/**
 * How prompts are embedded.
 *
 * @param parameters how an embedding is made
 * @param size number of its elements
 * @param float16 whether these are written as 16-bit floats, and not as 32-bit ones
 */
public record AnswerEmbedding(EmbeddingParameters parameters, int size, boolean float16)
    implements Serializable {

  private static final float LARGEST_FLOAT16 = 65504;

  /** What an embedding is, in a line for people. */
  @Override
  public String toString() {
    return "embedding of %s %s elements: %s%s"
        .formatted(
            size,
            float16 ? "float16" : "float32",
            parameters.pooling() == Pooling.LAST
                ? "hidden state of the last token"
                : "mean of the hidden states of all tokens",
            parameters.normalize() ? ", normalized" : "");
  }

  /** Whether the type of the column holds all elements. */
  boolean holds(float[] embedding) {
    for (float element : embedding) {
      if (float16 && Math.abs(element) > LARGEST_FLOAT16) {
        return false;
      }
    }
    return true;
  }
}
