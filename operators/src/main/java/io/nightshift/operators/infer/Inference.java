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
 * @param lookAheadRows maximum number of pending requests of a task, which must be large enough
 *     that the engine always has waiting requests
 */
public record Inference(
    EngineFactory engines,
    Answering answers,
    String keptSchemaJson,
    OutputLayout outputForm,
    int lookAheadRows)
    implements Serializable {

  public Inference(
      EngineFactory engines,
      Answering answers,
      Schema keptSchema,
      OutputLayout outputForm,
      int lookAheadRows) {
    this(engines, answers, keptSchema.toJson(), outputForm, lookAheadRows);
  }

  Schema keptSchema() {
    try {
      return Schema.fromJSON(keptSchemaJson);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
