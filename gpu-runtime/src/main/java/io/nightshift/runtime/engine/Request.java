package io.nightshift.runtime.engine;

import io.nightshift.runtime.constraint.Constraint;
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
 * @param constraint if present, every answer is complete under it, and ends where it does: neither
 *     choices nor other stop conditions can be combined with it
 * @param reasoning if present, how reasoning is told from the answer; without it, all text is the
 *     answer
 */
public record Request(
    long id,
    int[] promptTokens,
    SamplingParameters sampling,
    Optional<Choices> choices,
    Optional<Constraint> constraint,
    Optional<Reasoning> reasoning) {

  /**
   * @throws IllegalArgumentException if a constraint is combined with what would break it
   */
  public Request {
    if (constraint.isPresent()) {
      require(choices.isEmpty(), "choices, which are answers by themselves");
      require(sampling.stop().isEmpty(), "stop strings, which would cut the answer short");
      require(
          !sampling.ignoreEndOfSequence(),
          "ignored end-of-sequence tokens, which it uses to end the answer");
    }
  }

  /** A prompt whose answer has no reasoning to tell it from. */
  public Request(
      long id,
      int[] promptTokens,
      SamplingParameters sampling,
      Optional<Choices> choices,
      Optional<Constraint> constraint) {
    this(id, promptTokens, sampling, choices, constraint, Optional.empty());
  }

  /** A prompt that also has no constraint on its answer. */
  public Request(
      long id, int[] promptTokens, SamplingParameters sampling, Optional<Choices> choices) {
    this(id, promptTokens, sampling, choices, Optional.empty());
  }

  private static void require(boolean allowed, String what) {
    if (!allowed) {
      throw new IllegalArgumentException(
          "a constraint cannot be combined with %s; remove one of them".formatted(what));
    }
  }
}
