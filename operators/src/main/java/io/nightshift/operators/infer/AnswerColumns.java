package io.nightshift.operators.infer;

/**
 * Which of the optional columns of {@link AnswerSchema} a job's output has.
 *
 * @param choices whether answers are choices, with a probability for each
 * @param reasoning whether reasoning has a column of its own
 * @param logprobs whether rows have the log probabilities of their output tokens
 * @param source whether rows have the columns of their source
 */
public record AnswerColumns(boolean choices, boolean reasoning, boolean logprobs, boolean source) {}
