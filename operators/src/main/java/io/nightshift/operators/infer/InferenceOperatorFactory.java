package io.nightshift.operators.infer;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.operators.report.ErrorBound;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/**
 * Creates an {@link InferenceOperator} for each inference task. Its input is a {@link
 * io.nightshift.connectors.units.source.WorkUnitSource}, to which it is chained.
 */
public final class InferenceOperatorFactory extends AbstractStreamOperatorFactory<ArrowBatch>
    implements OneInputStreamOperatorFactory<ArrowBatch, ArrowBatch> {
  private static final long serialVersionUID = 1L;

  private final EngineFactory engines;
  private final AnswerSpecification answer;
  private final String keptSchemaJson;
  private final OutputForm form;
  private final Path planFolder;
  private final ErrorBound errorBound;
  private final int lookAheadRows;
  private final boolean processMayEnd;

  /**
   * @param engines creates the engine of a task
   * @param answer how rows are answered
   * @param kept schema of the kept input columns
   * @param form form of the output rows
   * @param planFolder folder of the work units, to read unfinished rows again after a failure
   * @param errorBound maximum number of rows with errors, and the errors that the plan has found
   * @param lookAheadRows maximum number of pending requests of a task, which must be large enough
   *     that the engine always has waiting requests
   * @param processMayEnd whether a task may end its process if the device is lost to it, because
   *     the cluster starts another one
   */
  public InferenceOperatorFactory(
      EngineFactory engines,
      AnswerSpecification answer,
      Schema kept,
      OutputForm form,
      Path planFolder,
      ErrorBound errorBound,
      int lookAheadRows,
      boolean processMayEnd) {
    this.engines = engines;
    this.answer = answer;
    this.keptSchemaJson = kept.toJson();
    this.form = form;
    this.planFolder = planFolder;
    this.errorBound = errorBound;
    this.lookAheadRows = lookAheadRows;
    this.processMayEnd = processMayEnd;
  }

  @Override
  @SuppressWarnings("unchecked") // required by the interface; the operator has that type
  public <T extends StreamOperator<ArrowBatch>> T createStreamOperator(
      StreamOperatorParameters<ArrowBatch> parameters) {
    return (T)
        new InferenceOperator(
            parameters,
            engines,
            answer,
            keptSchema(),
            form,
            planFolder,
            errorBound,
            lookAheadRows,
            processMayEnd);
  }

  @Override
  @SuppressWarnings("rawtypes") // required by the interface
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return InferenceOperator.class;
  }

  private Schema keptSchema() {
    try {
      return Schema.fromJSON(keptSchemaJson);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
