package io.nightshift.job.pipeline;

import io.nightshift.job.hub.LocatedModel;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.operators.infer.AnswerSpecification;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.render.PromptSpecification;
import io.nightshift.operators.tokenize.PromptLimit;
import io.nightshift.runtime.engine.EmbeddingParameters.Pooling;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.formats.ModelFormats;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model that has been inspected, and how it answers.
 *
 * @param located path and identity of the model
 * @param engines make the engines of the tasks
 * @param prompt templates of the prompts
 * @param columns names of the columns that the templates read
 * @param answer what rows are answered with
 * @param promptLimit how long a prompt may be
 */
public record PreparedModel(
    LocatedModel located,
    EngineFactory engines,
    PromptSpecification prompt,
    Set<String> columns,
    AnswerSpecification answer,
    PromptLimit promptLimit) {

  private static final Logger LOG = LoggerFactory.getLogger(PreparedModel.class);

  /** Approximate cost of scoring choices, in tokens besides the prompt. */
  private static final int TOKENS_OF_CHOICE = 4;

  public PreparedModel {
    columns = Collections.unmodifiableSet(new TreeSet<>(columns));
  }

  /**
   * Checks that the model has its weights, and what answers are made with.
   *
   * @throws InvalidJobException if not
   */
  public void requireAnswerable() {
    try (ModelFiles files = ModelFormats.open(located.path())) {
      LOG.debug("{} can be opened", files.path());
      if (!files.hasOutputProjection() && !embeds()) {
        throw new InvalidJobException(
            "%s has no output projection (lm_head.weight), so that it cannot answer with tokens: embed prompts with answer.embedding.pooling, or use another model"
                .formatted(files.path()));
      }
    } catch (ModelFormatException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

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
