package io.nightshift.job.pipeline;

import io.nightshift.job.options.AnswerOptions;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification.ConstrainedAnswer;
import io.nightshift.operators.answer.AnswerType;
import io.nightshift.operators.infer.AnswerConstraint;
import io.nightshift.operators.infer.AnswerSchema;
import io.nightshift.operators.infer.ConstraintCompiler;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import io.nightshift.runtime.constraint.schema.JsonSchema;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.tokenizer.Tokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiles what answers must conform to, so that what is wrong with it is known before anything
 * runs. Tasks compile it again for themselves.
 */
final class ConstraintPreparation {
  private static final Logger LOG = LoggerFactory.getLogger(ConstraintPreparation.class);

  private ConstraintPreparation() {}

  /**
   * Compiles a constraint for a model, and decides the type of the answers.
   *
   * @param markTokens number of tokens of the mark that ends the reasoning before the answer; 0 if
   *     there is none
   * @throws InvalidJobException if the constraint is invalid, cannot be enforced, or allows no
   *     answer of the job's number of tokens
   */
  static AnswerConstraint prepare(
      ConstrainedAnswer answer, int markTokens, Tokenizer tokenizer, ModelConfig model) {
    boolean typed = answer.constraint() instanceof ConstraintSpecification.JsonSchema;
    String option = (typed ? AnswerOptions.JSON_SCHEMA : AnswerOptions.REGEX).key();
    try {
      int shortest =
          ConstraintCompiler.of(tokenizer, model).compile(answer.constraint()).shortestTokens();
      if (markTokens + shortest > answer.maxTokens()) {
        throw new InvalidJobException(
            "%s is %s, but the shortest answer that %s allows has %s tokens%s: raise the one well beyond that, since answers that are cut short have the shortest values, or change the other"
                .formatted(
                    AnswerOptions.MAX_TOKENS.key(),
                    answer.maxTokens(),
                    option,
                    shortest,
                    markTokens == 0
                        ? ""
                        : ", and the mark that ends the reasoning before it " + markTokens));
      }
      return prepare(answer);
    } catch (ConstraintException e) {
      throw new InvalidJobException(option + " " + e.getMessage(), e);
    }
  }

  private static AnswerConstraint prepare(ConstrainedAnswer answer) {
    if (answer.constraint() instanceof ConstraintSpecification.JsonSchema schema) {
      JsonSchema.ineffectiveKeywords(schema.schema())
          .forEach(note -> LOG.warn("{} {}", AnswerOptions.JSON_SCHEMA.key(), note));
    }
    return answer.constraint() instanceof ConstraintSpecification.JsonSchema schema
        ? AnswerConstraint.typed(
            schema, AnswerType.of(AnswerSchema.ANSWER, JsonSchema.compile(schema.schema())))
        : AnswerConstraint.of(answer.constraint());
  }
}
