package io.nightshift.operators.openai;

import io.nightshift.runtime.engine.EmbeddingParameters;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.io.Serializable;
import java.util.OptionalInt;

/**
 * What holds for bodies that do not say otherwise, and for all of them.
 *
 * @param sampling of texts; its maximum number of tokens does not count, and its seed is the job's,
 *     from which that of a body without a seed is derived
 * @param maxTokens maximum number of tokens of a text; 0 for what the endpoint has: what the prompt
 *     leaves of the model's context in a chat, and 16 for a completion
 * @param embedding of prompts
 * @param generates whether the model has an output projection, so that it can answer with tokens
 */
public record BodyDefaults(
    SamplingParameters sampling, int maxTokens, EmbeddingParameters embedding, boolean generates)
    implements Serializable {

  OptionalInt givenMaxTokens() {
    return maxTokens == 0 ? OptionalInt.empty() : OptionalInt.of(maxTokens);
  }
}
