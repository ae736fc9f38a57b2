package io.nightshift.operators.tokenize;

import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.io.Serializable;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;

/** Where the prompts of a job come from: its templates, or the rows themselves. */
@FunctionalInterface
public interface PromptSource extends Serializable {

  /**
   * Opens the source in a task.
   *
   * @param model whose chat template is used
   * @param tokenizer of the model
   * @param columns names of the columns that the batches have
   * @param kept schema of what is kept of a row for the output
   */
  RowPrompts open(ModelDescription model, Tokenizer tokenizer, List<String> columns, Schema kept);
}
