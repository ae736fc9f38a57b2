package io.nightshift.operators.infer;

import io.nightshift.runtime.engine.Reasoning;
import java.io.Serializable;

/**
 * What becomes of a model's reasoning, which is no part of the completion.
 *
 * @param marks how the reasoning is told from the answer
 * @param column whether it has a column of its own; otherwise it is dropped
 */
public record AnswerReasoning(Reasoning marks, boolean column) implements Serializable {}
