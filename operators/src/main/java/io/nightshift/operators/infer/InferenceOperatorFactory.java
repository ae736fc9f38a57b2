package io.nightshift.operators.infer;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.operators.report.ErrorBound;
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

  private final Inference inference;
  private final Path planFolder;
  private final ErrorBound errorBound;
  private final boolean processMayEnd;

  /**
   * @param inference how prompts are answered
   * @param planFolder folder of the work units, to read unfinished rows again after a failure
   * @param errorBound maximum number of rows with errors, and the errors that the plan has found
   * @param processMayEnd whether the process is a TaskManager alone, so that a task may end it if
   *     the device is lost to it, because the cluster starts another one, and leaves it if it is
   *     told to end
   */
  public InferenceOperatorFactory(
      Inference inference, Path planFolder, ErrorBound errorBound, boolean processMayEnd) {
    this.inference = inference;
    this.planFolder = planFolder;
    this.errorBound = errorBound;
    this.processMayEnd = processMayEnd;
  }

  @Override
  @SuppressWarnings("unchecked") // required by the interface; the operator has that type
  public <T extends StreamOperator<ArrowBatch>> T createStreamOperator(
      StreamOperatorParameters<ArrowBatch> parameters) {
    return (T) new InferenceOperator(parameters, inference, planFolder, errorBound, processMayEnd);
  }

  @Override
  @SuppressWarnings("rawtypes") // required by the interface
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return InferenceOperator.class;
  }
}
