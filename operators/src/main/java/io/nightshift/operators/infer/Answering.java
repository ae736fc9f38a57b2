package io.nightshift.operators.infer;

import java.io.Serializable;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * How rows become requests, and completions become answers: all rows in the same way ({@link
 * AnswerSpecification}), or each as it asks itself. Flink ships it to the tasks.
 */
public interface Answering extends Serializable {

  /**
   * Opens it in a task.
   *
   * @param engine that answers the requests
   * @param kept schema of the kept columns of rows
   * @throws Exception if it does not go with the engine's model
   */
  RowAnswering open(TaskEngine engine, Schema kept) throws Exception;

  /** The columns of the output, besides those that every output has. */
  AnswerColumns columns(boolean withSource);

  /** The choices that answers have probabilities of; empty if they have none. */
  default List<String> choiceTexts() {
    return List.of();
  }

  /** Whether the model has to have an output projection. */
  boolean needsOutputProjection();

  /** Whether prompts are computed from what those before them have in the prefix cache. */
  boolean sharesPrefixes();

  /** Whether all rows with the same prompt share one answer. */
  boolean sharesAnswers();

  /** Maximum number of tokens that an answer generates, as far as the job decides it. */
  int maxTokens();

  /** Tokens that an answer is expected to cost. */
  int expectedTokens();

  /** Lines for people that say what answers are; empty if there is nothing to say. */
  List<String> description();
}
