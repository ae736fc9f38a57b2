package io.nightshift.operators.infer;

import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Which of the optional columns of {@link AnswerSchema} a job's output has.
 *
 * @param embedding how prompts are embedded; empty if answers are texts
 * @param choices whether answers are choices, with a probability for each
 * @param answer the column of typed answers; empty without a JSON schema
 * @param fieldProbabilities whether rows have probabilities of their answers' fields
 * @param reasoning whether reasoning has a column of its own
 * @param logprobs whether rows have the log probabilities of their output tokens
 * @param source whether rows have the columns of their source
 */
public record AnswerColumns(
    Optional<AnswerEmbedding> embedding,
    boolean choices,
    Optional<Field> answer,
    boolean fieldProbabilities,
    boolean reasoning,
    boolean logprobs,
    boolean source) {}
