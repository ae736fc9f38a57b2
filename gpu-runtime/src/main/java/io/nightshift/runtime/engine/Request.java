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
 * @param embedding if present, the answer is a vector, and no token is generated; {@code sampling}
 *     is ignored, and nothing else can be combined with it
 */
public record Request(
    long id,
    int[] promptTokens,
    SamplingParameters sampling,
    Optional<Choices> choices,
    Optional<Constraint> constraint,
    Optional<Reasoning> reasoning,
    Optional<EmbeddingParameters> embedding) {

  /**
   * @throws IllegalArgumentException if a constraint is combined with what would break it, or an
   *     embedding with another kind of answer
   */
  public Request {
    if (constraint.isPresent()) {
      require(choices.isEmpty(), "choices, which are answers by themselves");
      require(sampling.stop().isEmpty(), "stop strings, which would cut the answer short");
      require(
          !sampling.ignoreEndOfSequence(),
          "ignored end-of-sequence tokens, which it uses to end the answer");
    }
    if (embedding.isPresent()
        && (choices.isPresent() || constraint.isPresent() || reasoning.isPresent())) {
      throw new IllegalArgumentException(
          "an embedding cannot be combined with choices, a constraint or reasoning: no token is"
              + " generated; remove one of them");
    }
  }

  /** A prompt to embed. */
  public static Request embedding(long id, int[] promptTokens, EmbeddingParameters parameters) {
    return new Request(
        id,
        promptTokens,
        SamplingParameters.greedy(1),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(parameters));
  }

  /** A prompt whose answer is text. */
  public Request(
      long id,
      int[] promptTokens,
      SamplingParameters sampling,
      Optional<Choices> choices,
      Optional<Constraint> constraint,
      Optional<Reasoning> reasoning) {
    this(id, promptTokens, sampling, choices, constraint, reasoning, Optional.empty());
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
