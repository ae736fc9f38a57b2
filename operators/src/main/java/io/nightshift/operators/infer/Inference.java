package io.nightshift.operators.infer;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * How prompts are answered.
 *
 * @param engines creates the engine of a task
 * @param answers how rows are answered
 * @param keptSchemaJson schema of the input columns that go to the output, which tasks receive as
 *     JSON because Arrow's class is not serializable
 * @param outputForm form of the output rows
 * @param lookAhead maximum number of pending requests of a task for each that its engine runs at a
 *     time, large enough that the engine always has waiting requests
 */
public record Inference(
    EngineFactory engines,
    Answering answers,
    String keptSchemaJson,
    OutputLayout outputForm,
    int lookAhead)
    implements Serializable {

  public Inference(
      EngineFactory engines,
      Answering answers,
      Schema keptSchema,
      OutputLayout outputForm,
      int lookAhead) {
    this(engines, answers, keptSchema.toJson(), outputForm, lookAhead);
  }

  Schema keptSchema() {
    try {
      return Schema.fromJSON(keptSchemaJson);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
