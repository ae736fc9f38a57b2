package io.nightshift.operators.predict;

import io.nightshift.operators.infer.AnswerSpecification;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.model.ModelSource;
import io.nightshift.operators.render.PromptSpecification;
import io.nightshift.operators.tokenize.PromptLimit;
import java.io.Serializable;

/**
 * A model of SQL: how the rows of a query are answered.
 *
 * @param name of the model in SQL, with the path of its files, for messages
 * @param source of the files on the machine of a task
 * @param engines make the engine; equal factories make equal engines, which models share
 * @param prompt templates over the input columns
 * @param promptLimit how long a prompt may be
 * @param answer how rows are answered
 */
public record PredictModel(
    String name,
    ModelSource source,
    EngineFactory engines,
    PromptSpecification prompt,
    PromptLimit promptLimit,
    AnswerSpecification answer)
    implements Serializable {}
