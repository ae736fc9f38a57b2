package io.nightshift.job.pipeline;

import io.nightshift.operators.infer.AnswerSpecification;
import io.nightshift.operators.render.PromptSpecification;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * A model whose prompts are templates over the columns of a row, and which answers all rows alike.
 *
 * @param model the model, with {@code answer} as its way to answer
 * @param prompt the templates
 * @param columns names of the columns that the templates read
 * @param answer how rows are answered
 */
public record TemplatedModel(
    PreparedModel model,
    PromptSpecification prompt,
    Set<String> columns,
    AnswerSpecification answer) {
  public TemplatedModel {
    columns = Collections.unmodifiableSet(new TreeSet<>(columns));
  }
}
