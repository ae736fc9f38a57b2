package io.nightshift.runtime.engine;

import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.Optional;

/**
 * A prompt to be answered.
 *
 * @param id the caller's name for it; comes back in the {@link Completion}
 * @param promptTokens token ids, at least one
 * @param sampling how tokens are chosen and when to stop
 * @param choices if present, the answer is one of these, scored and not sampled; {@code sampling}
 *     is then not used
 */
public record Request(
    long id, int[] promptTokens, SamplingParameters sampling, Optional<Choices> choices) {

  public Request {
    if (promptTokens.length == 0) {
      throw new IllegalArgumentException("request " + id + " has no prompt tokens");
    }
  }
}
