package io.nightshift.job.pipeline;

import io.nightshift.job.hub.LocatedModel;
import io.nightshift.operators.infer.AnswerSpecification;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.tokenize.PromptLimit;
import io.nightshift.runtime.engine.EmbeddingParameters.Pooling;

/**
 * The model of a job, and how it answers.
 *
 * @param located path and identity of the model
 * @param engines make the engines of the tasks
 * @param answer what rows are answered with
 * @param promptLimit how long a prompt may be
 */
record PreparedModel(
    LocatedModel located,
    EngineFactory engines,
    AnswerSpecification answer,
    PromptLimit promptLimit) {

  /** Approximate cost of scoring choices, in tokens besides the prompt. */
  private static final int TOKENS_OF_CHOICE = 4;

  boolean hasChoices() {
    return answer.choices() != null;
  }

  boolean embeds() {
    return answer.embedding() != null;
  }

  /** Whether prompts are computed from what those before them have in the prefix cache. */
  boolean sharesPrefixes() {
    return answer.embedding() == null || answer.embedding().parameters().pooling() != Pooling.MEAN;
  }

  /**
   * Maximum number of tokens that an answer generates; 0 if choices are scored or prompts embedded.
   */
  int maxAnswerTokens() {
    return hasChoices() || embeds() ? 0 : answer.sampling().maxTokens();
  }

  /** Tokens that an answer is expected to have: half of the maximum for free text. */
  int expectedAnswerTokens() {
    if (embeds()) {
      return 0;
    }
    return hasChoices() ? TOKENS_OF_CHOICE : Math.max(1, answer.sampling().maxTokens() / 2);
  }
}
