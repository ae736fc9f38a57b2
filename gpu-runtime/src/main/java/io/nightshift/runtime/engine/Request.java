package io.nightshift.runtime.engine;

import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.Optional;

/**
 * A prompt to answer.
 *
 * @param id id that the caller has chosen; returned in the {@link Completion}
 * @param promptTokens token ids; must not be modified before the completion. A prompt that cannot
 *     be answered (empty, too long) gives a completion with an error
 * @param sampling how tokens are sampled, and when to stop
 * @param choices if present, the answer is one of these, scored and not sampled; {@code sampling}
 *     is ignored
 * @param reasoning if present, how reasoning is told from the answer; without it, all text is the
 *     answer
 */
public record Request(
    long id,
    int[] promptTokens,
    SamplingParameters sampling,
    Optional<Choices> choices,
    Optional<Reasoning> reasoning) {

  /** A prompt whose answer is not divided. */
  public Request(
      long id, int[] promptTokens, SamplingParameters sampling, Optional<Choices> choices) {
    this(id, promptTokens, sampling, choices, Optional.empty());
  }
}
