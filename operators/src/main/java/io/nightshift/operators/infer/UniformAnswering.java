package io.nightshift.operators.infer;

import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.engine.Completion;
import io.nightshift.runtime.engine.Request;
import java.util.Optional;

/**
 * Answers all rows in the same way.
 *
 * @param constraint that of the specification, compiled; empty if it has none
 */
record UniformAnswering(AnswerSpecification specification, Optional<Constraint> constraint)
    implements RowAnswering {

  @Override
  public Request request(long id, UnitRow row) {
    return new Request(
        id,
        row.tokens(),
        specification.sampling().withSeed(row.seed(specification.sampling().seed())),
        specification.optionalChoices(),
        constraint,
        specification.reasoningMarks(),
        specification.embeddingParameters());
  }

  @Override
  public Answer answer(UnitRow row, Completion completion) {
    return specification.answerOf(completion);
  }

  @Override
  public boolean sharesAnswer(UnitRow row, UnitRow other) {
    return specification.sharesAnswers();
  }
}
