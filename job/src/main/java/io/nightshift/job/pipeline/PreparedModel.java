package io.nightshift.job.pipeline;

import io.nightshift.job.hub.LocatedModel;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.operators.infer.Answering;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.tokenize.PromptLimit;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.formats.ModelFormats;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model that has been inspected, and how it answers.
 *
 * @param located path and identity of the model
 * @param engines make the engines of the tasks
 * @param answers how rows are answered
 * @param promptLimit how long a prompt may be
 */
public record PreparedModel(
    LocatedModel located, EngineFactory engines, Answering answers, PromptLimit promptLimit) {

  private static final Logger LOG = LoggerFactory.getLogger(PreparedModel.class);

  /**
   * Checks that the model has its weights, and what answers are made with.
   *
   * @throws InvalidJobException if not
   */
  public void requireAnswerable() {
    try (ModelFiles files = ModelFormats.open(located.path())) {
      LOG.debug("{} can be opened", files.path());
      if (!files.hasOutputProjection() && answers.needsOutputProjection()) {
        throw new InvalidJobException(
            "%s has no output projection (lm_head.weight), so that it cannot answer with tokens: embed prompts with answer.embedding.pooling, or use another model"
                .formatted(files.path()));
      }
    } catch (ModelFormatException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }
}
