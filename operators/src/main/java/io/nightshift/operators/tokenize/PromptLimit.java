package io.nightshift.operators.tokenize;

import io.nightshift.runtime.engine.Choices;
import io.nightshift.runtime.engine.RequestChecker;
import java.io.Serializable;
import java.util.Optional;

/**
 * The maximum length of a prompt.
 *
 * @param tokens maximum number of tokens
 * @param answers whether it leaves room for an answer, which embeddings have not
 * @param of what imposes the limit, for messages
 */
public record PromptLimit(int tokens, boolean answers, String of) implements Serializable {

  /** The limit of prompts that are answered, with one of the choices if there are any. */
  public static PromptLimit ofAnswered(RequestChecker checker, Optional<Choices> choices) {
    return new PromptLimit(
        checker.maxPromptTokens(choices), true, bound(checker.isBoundByCache(choices)));
  }

  /** The limit of prompts that are embedded. */
  public static PromptLimit ofEmbedded(RequestChecker checker) {
    return new PromptLimit(
        checker.maxEmbeddedTokens(), false, bound(checker.embeddingsAreBoundByCache()));
  }

  private static String bound(boolean byCache) {
    return byCache ? "the KV cache (engine.kv-cache-memory)" : "the model's context";
  }

  @Override
  public String toString() {
    return "%s takes at most %s tokens%s"
        .formatted(of, tokens, answers ? " with room for an answer" : "");
  }
}
