package io.nightshift.operators.openai;

import io.nightshift.runtime.engine.EmbeddingParameters;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.io.Serializable;
import java.util.OptionalInt;

/**
 * What holds for bodies that do not say otherwise.
 *
 * @param sampling of texts; its maximum number of tokens does not count, and its seed is the job's,
 *     from which that of a body without a seed is derived
 * @param maxTokens maximum number of tokens of a text; 0 for what the endpoint has: what the prompt
 *     leaves of the model's context in a chat, and 16 for a completion
 * @param embedding of prompts
 */
public record BodyDefaults(
    SamplingParameters sampling, int maxTokens, EmbeddingParameters embedding)
    implements Serializable {

  OptionalInt givenMaxTokens() {
    return maxTokens == 0 ? OptionalInt.empty() : OptionalInt.of(maxTokens);
  }
}
