package io.nightshift.operators.predict;

import io.nightshift.connectors.arrow.row.InvalidUtf8Exception;
import io.nightshift.operators.infer.Answer;
import io.nightshift.operators.infer.RowErrorMetrics;
import io.nightshift.operators.infer.TaskGpus;
import io.nightshift.operators.render.PromptRenderer;
import io.nightshift.operators.render.RowErrorCode;
import io.nightshift.operators.render.RowException;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.runner.DeviceLostException;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.AsyncPredictFunction;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.util.FatalExitExceptionHandler;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.flink.util.IOUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the rows that {@code ML_PREDICT} is given, with an engine that all subtasks of this
 * process share.
 *
 * <p>Each row has one output row. Flink keeps the rows that wait for their answers in the state,
 * and gives them to this function again after a failure.
 */
public final class LlmPredictFunction extends AsyncPredictFunction {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(LlmPredictFunction.class);
  private static final int MAX_ERRORS_LOGGED = 10;

  private final PredictModel model;
  private final InputColumns input;
  private final AnswerRow output;
  private final Clock clock;
  private final PredictLimits limits;

  private transient PromptRenderer renderer;
  private transient InputColumns.Reader columns;
  private transient SharedEngines.Lease lease;
  private transient ModelRequests requests;
  private transient RowErrorMetrics rowErrors;
  private transient AtomicInteger errorsLogged;

  /**
   * @param clock clock of {@code strftime_now}; a fixed one, because Flink sends it to all tasks
   */
  @SuppressWarnings("NullAway.Init") // Flink calls open() first
  public LlmPredictFunction(
      PredictModel model, InputColumns input, AnswerRow output, Clock clock, PredictLimits limits) {
    this.model = model;
    this.input = input;
    this.output = output;
    this.clock = clock;
    this.limits = limits;
  }

  @Override
  public void open(FunctionContext context) throws Exception {
    ModelDescription description = ModelFormats.describe(model.source().withoutWeights());
    renderer = new PromptRenderer(model.prompt(), description.chatTemplate(), clock, input.names());
    columns = input.reader("");
    rowErrors = new RowErrorMetrics(context.getMetricGroup());
    errorsLogged = new AtomicInteger();
    List<Integer> gpus = TaskGpus.indexes(context.getExternalResourceInfos(TaskGpus.RESOURCE));
    lease = SharedEngines.acquire(model, gpus, context.getMetricGroup());
    requests = lease.engine().requests(model);
  }

  @Override
  public CompletableFuture<Collection<RowData>> asyncPredict(RowData row) {
    CompletableFuture<Answer> answer = answer(row);
    if (limits.hasTimeout()) {
      answer.completeOnTimeout(
          Answer.error(0, RowErrorCode.TIMEOUT.columnValue(), limits.timeoutMessage()),
          limits.patience().toMillis(),
          TimeUnit.MILLISECONDS);
    }
    return answer.handle(this::rowOf);
  }

  private CompletableFuture<Answer> answer(RowData row) {
    try {
      RenderedPrompt prompt = renderer.render(columns.read(row));
      return lease.engine().answer(requests, requests.encoding().requireShort(prompt));
    } catch (RowException e) {
      return error(e.code(), e.getMessage());
    } catch (InvalidUtf8Exception e) {
      return error(RowErrorCode.INVALID_UTF8, e.getMessage());
    }
  }

  private static CompletableFuture<Answer> error(RowErrorCode code, @Nullable String message) {
    return CompletableFuture.completedFuture(Answer.error(0, code.columnValue(), message));
  }

  private Collection<RowData> rowOf(@Nullable Answer answer, @Nullable Throwable failure) {
    if (failure != null) {
      throw failed(failure);
    }
    Answer given = Objects.requireNonNull(answer);
    rowErrors.emitted(given);
    logError(given);
    return List.of(output.of(given, lease.engine().tokenTexts()));
  }

  /** Logs the first rows with an error, whose table may have no column for it. */
  private void logError(Answer answer) {
    if (answer.errorCode() != null && errorsLogged.getAndIncrement() < MAX_ERRORS_LOGGED) {
      LOG.warn(
          "A row of {} has error {}: {}", model.name(), answer.errorCode(), answer.errorMessage());
    }
  }

  private FlinkRuntimeException failed(Throwable failure) {
    String message = "the engine of %s failed: %s".formatted(model.name(), failure.getMessage());
    if (failure instanceof DeviceLostException && limits.processMayEnd()) {
      // In the same process, a restarted task could not use the device.
      FatalExitExceptionHandler.INSTANCE.uncaughtException(
          Thread.currentThread(), new IllegalStateException(message, failure));
    }
    return new FlinkRuntimeException(message, failure);
  }

  @Override
  public void close() throws Exception {
    // Also called if open() has failed: IOUtils skips null.
    IOUtils.closeAll(lease);
    super.close();
  }
}
