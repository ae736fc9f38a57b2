package io.nightshift.operators.tokenize;

import java.io.Serializable;

/**
 * The maximum length of a prompt.
 *
 * @param tokens maximum number of tokens
 * @param answers whether it leaves room for an answer, which embeddings have not
 * @param of what imposes the limit, for messages
 */
public record PromptLimit(int tokens, boolean answers, String of) implements Serializable {

  @Override
  public String toString() {
    return "%s takes at most %s tokens%s"
        .formatted(of, tokens, answers ? " with room for an answer" : "");
  }
}
