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
 * Makes {@link InferenceOperator}s, one for each inference task. Their input is a {@link
 * io.nightshift.connectors.units.source.WorkUnitSource} that they are chained to.
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
   * @param engines makes the engine of a task
   * @param answer what rows are answered with
   * @param kept schema of the kept input columns
   * @param form of what comes out
   * @param planFolder where the work units lie, to read unfinished rows again after a failure
   * @param errorBound how many rows may have errors, and what the plan has found of them
   * @param lookAheadRows requests from which on a task reads no more until some have finished;
   *     enough that the engine always has some waiting
   * @param processMayEnd whether a task whose device is lost to its process may end it, because the
   *     cluster starts another
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
  @SuppressWarnings("unchecked") // what the interface asks for; the operator is of that type
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
  @SuppressWarnings("rawtypes") // what the interface asks for
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
