package io.nightshift.job.topology;

import io.nightshift.operators.model.ModelSource;
import io.nightshift.operators.render.PromptSpecification;
import io.nightshift.operators.tokenize.PromptLimit;
import java.util.List;

/**
 * How prompts are made from rows.
 *
 * @param templates over the columns of a row
 * @param model whose chat template and tokenizer are used
 * @param columns of the input that are read: those that are kept and those that the templates use
 * @param limit how long a prompt may be
 */
public record Prompts(
    PromptSpecification templates, ModelSource model, List<String> columns, PromptLimit limit) {

  public Prompts {
    columns = List.copyOf(columns);
  }
}
