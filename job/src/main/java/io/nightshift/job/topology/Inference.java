package io.nightshift.job.topology;

import io.nightshift.job.options.JobSpecification;
import io.nightshift.operators.infer.AnswerSpecification;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.infer.OutputForm;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * How prompts are answered.
 *
 * @param engines make the engines of the tasks
 * @param answer what an answer may be
 * @param keptSchema schema of the input columns that go to the output
 * @param outputForm which columns an answered row has besides, and where rows with an error go
 * @param lookAheadRows rows that wait in a task besides the running ones, so that steps stay full
 * @param slot resources that each task asks Flink for; empty for any slot
 */
public record Inference(
    EngineFactory engines,
    AnswerSpecification answer,
    Schema keptSchema,
    OutputForm outputForm,
    int lookAheadRows,
    Optional<JobSpecification.Slot> slot) {}
