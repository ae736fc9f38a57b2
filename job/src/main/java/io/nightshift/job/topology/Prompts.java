package io.nightshift.job.topology;

import io.nightshift.operators.model.ModelSource;
import io.nightshift.operators.tokenize.PromptLimit;
import io.nightshift.operators.tokenize.PromptSource;
import java.util.List;

/**
 * How prompts are made from rows.
 *
 * @param source of the prompts
 * @param model whose chat template and tokenizer are used
 * @param columns of the input that are read: those that are kept and those that the templates use
 * @param limit how long a prompt may be
 */
public record Prompts(
    PromptSource source, ModelSource model, List<String> columns, PromptLimit limit) {

  public Prompts {
    columns = List.copyOf(columns);
  }
}
