package io.nightshift.job.pipeline;

import io.nightshift.job.hub.LocatedModel;
import io.nightshift.operators.infer.Answering;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.tokenize.PromptLimit;

/**
 * The model of a job, and how it answers.
 *
 * @param located path and identity of the model
 * @param engines make the engines of the tasks
 * @param answers how rows are answered
 * @param promptLimit how long a prompt may be
 */
record PreparedModel(
    LocatedModel located, EngineFactory engines, Answering answers, PromptLimit promptLimit) {}
