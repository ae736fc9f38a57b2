package io.nightshift.operators.openai;

import io.nightshift.operators.tokenize.RowPrompt;
import java.util.List;

/**
 * A body, checked.
 *
 * @param parameters of all its requests
 * @param prompts at least one; none has failed
 */
record Body(RequestParameters parameters, List<RowPrompt.Content> prompts) {
  Body {
    prompts = List.copyOf(prompts);
  }

  /** Number of requests: answers to all prompts. */
  int requests() {
    return prompts.size() * parameters.choices();
  }

  /** The prompt of a request. */
  RowPrompt.Content prompt(int request) {
    return prompts.get(request / parameters.choices());
  }
}
