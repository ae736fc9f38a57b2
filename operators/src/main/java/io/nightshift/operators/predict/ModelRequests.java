package io.nightshift.operators.predict;

import io.nightshift.operators.infer.AnswerSpecification;
import io.nightshift.operators.render.RowException;
import io.nightshift.operators.tokenize.PromptEncoding;
import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.engine.Request;
import java.util.Optional;

/**
 * Makes the requests of a model.
 *
 * @param answer how rows are answered
 * @param encoding what becomes of prompts besides their tokens
 * @param beginning whether prompts get the beginning-of-sequence token
 * @param constraint compiled for the engine's vocabulary; empty if answers are free or choices
 */
record ModelRequests(
    AnswerSpecification answer,
    PromptEncoding encoding,
    boolean beginning,
    Optional<Constraint> constraint) {

  /**
   * The request of a row. Its seed depends on its prompt, so that a row that is sent again after a
   * failure has the same answer.
   *
   * @param encoded tokens of the rendered prompt
   * @throws RowException if there are none, or too many
   */
  Request request(long id, int[] encoded) throws RowException {
    int[] tokens = encoding.complete(encoded, beginning);
    return new Request(
        id,
        tokens,
        answer.samplingOf(tokens),
        answer.optionalChoices(),
        constraint,
        answer.reasoningMarks(),
        answer.embeddingParameters());
  }
}
