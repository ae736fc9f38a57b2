package io.nightshift.runtime.engine;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelConfig;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rejects requests that can never be answered, before they reach the scheduler. Can be created
 * without an engine, to find such requests in advance.
 *
 * @param vocabularySize size of the vocabulary; token ids are less
 * @param maxPositions maximum context length of the model in tokens
 * @param cacheTokens maximum number of tokens of a sequence for which the KV cache has room; {@link
 *     Integer#MAX_VALUE} if there is no limit, or none is known
 * @param maxTreeNodes maximum number of nodes of a choice tree
 */
public record RequestChecker(
    int vocabularySize, int maxPositions, int cacheTokens, int maxTreeNodes) {

  /** The checks that depend on the model only, for any engine. */
  public static RequestChecker of(ModelConfig model) {
    return new RequestChecker(
        model.vocabularySize(), model.maxPositions(), Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /**
   * The checks of an engine with the given configuration. The engine itself may reject further
   * choices because of limits of its runner.
   *
   * @param cacheTokens maximum number of tokens of a sequence for which the KV cache has room;
   *     {@link Long#MAX_VALUE} if unknown
   */
  public static RequestChecker of(ModelConfig model, EngineConfig config, long cacheTokens) {
    return new RequestChecker(
        model.vocabularySize(),
        model.maxPositions(),
        (int) Math.min(Integer.MAX_VALUE, cacheTokens),
        Math.min(config.maxStepTokens(), config.maxStepLogits()) - 1);
  }

  /** The checks of both, for a request that may come to either engine. */
  public RequestChecker and(RequestChecker other) {
    return new RequestChecker(
        Math.min(vocabularySize, other.vocabularySize),
        Math.min(maxPositions, other.maxPositions),
        Math.min(cacheTokens, other.cacheTokens),
        Math.min(maxTreeNodes, other.maxTreeNodes));
  }

  /**
   * Maximum number of tokens of a prompt that leaves room for its answer.
   *
   * @param choices choices that are scored after the prompt; empty for generated text
   */
  public int maxPromptTokens(Optional<Choices> choices) {
    return Math.min(maxPositions - positions(choices), cacheTokens - slots(choices));
  }

  /** Maximum number of tokens of a prompt that is embedded. */
  public int maxEmbeddedTokens() {
    return Math.min(maxPositions, cacheTokens);
  }

  /** Whether the KV cache, and not the context length of the model, limits these. */
  public boolean embeddingsAreBoundByCache() {
    return cacheTokens < maxPositions;
  }

  /** Whether the KV cache, and not the context length of the model, limits the prompt. */
  public boolean isBoundByCache(Optional<Choices> choices) {
    return cacheTokens - slots(choices) < maxPositions - positions(choices);
  }

  /**
   * Checks that choices can be scored.
   *
   * @throws IllegalArgumentException if a choice does not fit into a step
   */
  public void requireScorable(Choices choices) {
    ChoicePlan plan = ChoicePlan.of(choices, maxTreeNodes);
    if (plan.largestTree() > maxTreeNodes) {
      throw new IllegalArgumentException(tooLongForStep(plan));
    }
  }

  private int positions(Optional<Choices> choices) {
    return choices.map(some -> ChoicePlan.of(some, maxTreeNodes).longestChoice() - 1).orElse(1);
  }

  private int slots(Optional<Choices> choices) {
    return choices.map(some -> ChoicePlan.of(some, maxTreeNodes).largestTree()).orElse(1);
  }

  private String tooLongForStep(ChoicePlan plan) {
    return "a choice has %s tokens, at most %s fit one step; shorten it or allow larger steps"
        .formatted(plan.longestChoice(), maxTreeNodes + 1);
  }

  /** Returns a completion with an error if the request can never be answered. */
  Optional<Completion> check(Request request, @Nullable ChoicePlan plan) {
    int[] prompt = request.promptTokens();
    if (prompt.length == 0) {
      return failed(request, RequestError.EMPTY_PROMPT, "the prompt has no tokens");
    }
    for (int i = 0; i < prompt.length; i++) {
      if (prompt[i] < 0 || prompt[i] >= vocabularySize) {
        return invalidToken(request, "prompt token " + i, prompt[i]);
      }
    }
    if (plan != null) {
      return checkChoices(request, plan);
    }
    if (request.embedding().isPresent()) {
      return checkLength(request, prompt.length, prompt.length, "");
    }
    return checkLength(request, prompt.length + 1, prompt.length + 1, "with one output token")
        .or(() -> checkConstraint(request));
  }

  private Optional<Completion> checkConstraint(Request request) {
    if (request.constraint().isEmpty()) {
      return Optional.empty();
    }
    int end = request.reasoning().map(Reasoning::longestEnd).orElse(0);
    int shortest = end + request.constraint().get().shortestTokens();
    String answer =
        (end > 0 ? "the mark that ends the reasoning and " : "")
            + "the shortest answer under the constraint %s %s tokens"
                .formatted(end > 0 ? "have" : "has", shortest);
    int maxTokens = request.sampling().maxTokens();
    if (shortest > maxTokens) {
      return failed(
          request,
          RequestError.CONSTRAINT_TOO_LONG,
          "%s, and max-tokens is %s; allow more".formatted(answer, maxTokens));
    }
    int prompt = request.promptTokens().length;
    int room = Math.min(maxPositions, cacheTokens) - prompt;
    if (shortest > room) {
      return failed(
          request,
          RequestError.CONSTRAINT_TOO_LONG,
          "%s, and the prompt of %s leaves room for %s; shorten it"
              .formatted(answer, prompt, room));
    }
    return Optional.empty();
  }

  private Optional<Completion> checkChoices(Request request, ChoicePlan plan) {
    for (int[] choice : plan.choices().tokens()) {
      for (int token : choice) {
        if (token < 0 || token >= vocabularySize) {
          return invalidToken(request, "a choice's token", token);
        }
      }
    }
    if (plan.largestTree() > maxTreeNodes) {
      return failed(request, RequestError.CHOICE_TOO_LONG, tooLongForStep(plan));
    }
    int length = request.promptTokens().length;
    return checkLength(
        request,
        length + plan.longestChoice() - 1,
        length + plan.largestTree(),
        "with the choices after it");
  }

  private Optional<Completion> checkLength(Request request, int positions, int slots, String with) {
    if (positions > maxPositions) {
      return tooLong(request, positions, with, maxPositions, "the model's context");
    }
    if (slots > cacheTokens) {
      return tooLong(request, slots, with, cacheTokens, "the KV cache");
    }
    return Optional.empty();
  }

  private static Optional<Completion> tooLong(
      Request request, int tokens, String with, int limit, String what) {
    int length = request.promptTokens().length;
    return failed(
        request,
        RequestError.PROMPT_TOO_LONG,
        with.isEmpty()
            ? "the prompt has %s tokens; %s takes %s".formatted(length, what, limit)
            : "the prompt has %s tokens, %s %s; %s takes %s"
                .formatted(length, with, tokens, what, limit));
  }

  private Optional<Completion> invalidToken(Request request, String subject, int token) {
    return failed(
        request,
        RequestError.INVALID_TOKEN,
        "%s is %s, but the model's vocabulary has ids 0 to %s; does the tokenizer belong to the model?"
            .formatted(subject, token, vocabularySize - 1));
  }

  private static Optional<Completion> failed(Request request, RequestError error, String message) {
    return Optional.of(Completion.failed(request, 0, error, message));
  }
}
