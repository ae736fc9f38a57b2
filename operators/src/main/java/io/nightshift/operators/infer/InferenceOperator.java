package io.nightshift.operators.infer;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.units.source.ReadGate;
import io.nightshift.operators.infer.EngineThread.StepListener;
import io.nightshift.operators.report.ErrorBound;
import io.nightshift.runtime.engine.Completion;
import io.nightshift.runtime.runner.DeviceLostException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.IOUtils;
import org.apache.flink.util.function.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/**
 * Answers the rows of work units with its own engine and emits them as they finish, in no
 * particular order.
 *
 * <p>Each row is emitted exactly once. A checkpoint does not wait for the engine: finished rows are
 * emitted before its barrier. Unfinished rows are stored in the state as references to unit and
 * row, and read from their unit again after a failure. The operator never blocks the task thread,
 * which would delay checkpoints. Instead, it closes the {@link ReadGate} of its task while it holds
 * the maximum number of rows, and at the end of the input until all rows are answered.
 */
final class InferenceOperator extends AbstractStreamOperator<ArrowBatch>
    implements OneInputStreamOperator<ArrowBatch, ArrowBatch>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  /**
   * Maximum number of pending rows per pending request: rows with the same prompt share a request.
   */
  private static final int MAX_SHARING = 8;

  /** Approximate maximum size in bytes of the kept columns of pending rows. */
  private static final long MAX_PENDING_BYTES = 64L << 20;

  private static final int MAX_ERRORS_LOGGED = 10;

  private final MailboxExecutor mailbox;
  private final EngineFactory engines;
  private final Answering answers;
  private final Schema keptSchema;
  private final OutputLayout form;
  private final Path planFolder;
  private final ErrorBound errorBound;
  private final int lookAhead;
  private final boolean processMayEnd;

  private final List<Tuple2<String, long[]>> restored = new ArrayList<>();
  private @Nullable String lastUnit;
  private int errorsLogged;
  private boolean inputEnded;
  private boolean leaving;
  private long lastCheckpoint;

  /**
   * The first checkpoint with which the process may end; empty if only the end of the task does.
   */
  private OptionalLong leavesWith = OptionalLong.empty();

  private transient ReadGate gate;
  private transient UnitRowDecoder decoder;
  private transient PendingRows pending;
  private transient RowAnswering rowAnswering;
  private transient AnswerBatchBuilder answeredRows;
  private transient AnswerBatchBuilder failedRows;
  private transient EngineThread engine;
  private transient TerminationSignal.@Nullable Task termination;
  private transient int maxRequests;
  private transient ListState<Tuple2<String, long[]>> unfinishedState;
  private transient AnswerCounts counts;
  private transient ErrorWatch errorWatch;
  private transient RowErrorMetrics rowErrors;
  private transient EngineSampler sampler;
  private transient TaskEnergy energy;

  @SuppressWarnings("NullAway.Init") // Flink calls initializeState() and open() first
  InferenceOperator(
      StreamOperatorParameters<ArrowBatch> parameters,
      Inference inference,
      Path planFolder,
      ErrorBound errorBound,
      boolean processMayEnd) {
    super(parameters);
    this.mailbox = parameters.getMailboxExecutor();
    this.engines = inference.engines();
    this.answers = inference.answers();
    this.keptSchema = inference.keptSchema();
    this.form = inference.outputForm();
    this.planFolder = planFolder;
    this.errorBound = errorBound;
    this.lookAhead = inference.lookAhead();
    this.processMayEnd = processMayEnd;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    unfinishedState =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>(
                    "unfinished rows",
                    Types.TUPLE(Types.STRING, Types.PRIMITIVE_ARRAY(Types.LONG))));
    unfinishedState.get().forEach(restored::add);
    counts = new AnswerCounts(getRuntimeContext(), context.getOperatorStateStore());
    energy = new TaskEnergy(getRuntimeContext(), context.getOperatorStateStore());
    errorWatch = new ErrorWatch(errorBound, getRuntimeContext());
  }

  @Override
  public void open() throws Exception {
    super.open();
    gate = gateOfTask();
    BufferAllocator allocator = ArrowMemory.allocator(getRuntimeContext());
    decoder = new UnitRowDecoder(keptSchema);
    rowErrors = new RowErrorMetrics(getMetricGroup());
    EngineMetrics metrics = new EngineMetrics(getMetricGroup());
    JobRelease.register(getRuntimeContext());
    TaskEngine created = createEngine();
    maxRequests = lookAhead * created.engine().maxRunningSequences();
    IdleTime idle = new IdleTime();
    sampler = EngineSampler.of(created, idle, getRuntimeContext());
    StepListener steps = StepListener.both(metrics::stepped, sampler::stepped);
    engine = new EngineThread(created, idle, steps, this::onFinished, this::onFailed);
    rowAnswering = answers.open(created, keptSchema);
    pending = new PendingRows(rowAnswering::sharesAnswer);
    TokenTexts tokenTexts = new TokenTexts(created.tokenTexts());
    answeredRows = batchBuilder(tokenTexts, allocator);
    failedRows = batchBuilder(tokenTexts, allocator);
    metrics.show(engine.idle());
    metrics.show(created.energy());
    energy.measure(created.energy());
    new UnfinishedRows(planFolder, decoder, allocator).read(restored, this::submit);
    restored.clear();
    reportLoad();
    if (processMayEnd) {
      termination = TerminationSignal.onTermination(() -> mail(this::leave, "the end"));
    }
  }

  /**
   * Returns the gate of the task. If the operator is not chained to its source, the job graph is
   * wrong, and no restart can help.
   */
  private static ReadGate gateOfTask() {
    try {
      return ReadGate.ofCurrentTask();
    } catch (IllegalStateException e) {
      throw new SuppressRestartsException(e);
    }
  }

  private TaskEngine createEngine() throws Exception {
    EngineFactory here = enginesHere();
    List<Integer> gpus = TaskGpus.of(getRuntimeContext());
    return gpus.isEmpty() ? here.create() : here.create(gpus);
  }

  /** If the TaskManager's configuration does not suit the job, no restart can help. */
  private EngineFactory enginesHere() {
    try {
      return engines.onTaskManager(
          getRuntimeContext().getTaskManagerRuntimeInfo().getConfiguration());
    } catch (RuntimeException e) {
      throw new SuppressRestartsException(e);
    }
  }

  private AnswerBatchBuilder batchBuilder(TokenTexts tokenTexts, BufferAllocator allocator) {
    return new AnswerBatchBuilder(
        keptSchema,
        answers.columns(form.sourceColumns()),
        answers.choiceTexts(),
        tokenTexts,
        allocator);
  }

  @Override
  public void processElement(StreamRecord<ArrowBatch> element) throws Exception {
    try (ArrowBatch batch = element.getValue()) {
      for (int row = 0; row < batch.rows(); row++) {
        UnitRow read = decoder.read(batch, row);
        logUnit(read);
        submit(read);
      }
    }
    reportLoad();
  }

  private void logUnit(UnitRow row) {
    if (!row.unitFile().equals(lastUnit)) {
      lastUnit = row.unitFile();
      LOG.info("Answering {} from row {}", lastUnit, row.unitRow());
    }
  }

  /** Tells the reader whether to continue, and, at the end of the input, whether to wait. */
  private void reportLoad() {
    if (isFull()) {
      gate.report(ReadGate.State.FULL, pending.rows());
    } else {
      gate.report(pending.rows() > 0 ? ReadGate.State.BUSY : ReadGate.State.IDLE, pending.rows());
    }
  }

  private boolean isFull() {
    return pending.requests() >= maxRequests
        || pending.rows() >= maxRequests * MAX_SHARING
        || pending.bytes() >= MAX_PENDING_BYTES;
  }

  private void submit(UnitRow row) {
    if (row.errorCode() != null) {
      finish(row, Answer.error(0, row.errorCode(), row.errorMessage()));
      return;
    }
    pending.add(row, id -> request(id, row), this::finish);
  }

  private void request(long id, UnitRow row) {
    try {
      engine.submit(rowAnswering.request(id, row));
    } catch (UnanswerableException e) {
      Answer error = Answer.error(row.tokens().length, e.code(), e.getMessage());
      pending.answered(id, first -> error, this::finish);
    }
  }

  /** Called on the engine thread: passes completions to the task thread. */
  private void onFinished(List<Completion> completions) {
    mail(() -> complete(completions), "completions");
  }

  /** Called on the engine thread: fails the task. */
  private void onFailed(Throwable failure) {
    mail(
        () -> {
          String message =
              "the engine failed: %s (%s rows have no answer; the last rows read are from %s)"
                  .formatted(
                      failure.getMessage(),
                      pending.rows(),
                      Objects.requireNonNullElse(lastUnit, "no unit"));
          if (failure instanceof DeviceLostException && processMayEnd) {
            // A VirtualMachineError ends the TaskManager. In the same process, a restarted task
            // could not use the device.
            throw new InternalError(message, failure);
          }
          throw new Exception(message, failure);
        },
        "engine failure");
  }

  private void mail(ThrowingRunnable<Exception> action, String what) {
    try {
      mailbox.execute(action, what);
    } catch (RejectedExecutionException e) {
      // The task is ending and accepts no more mail; close() stops the engine.
      LOG.debug("{} came too late", what);
    }
  }

  private void complete(List<Completion> completions) {
    if (!inputEnded && !leaving) {
      completions.forEach(this::complete);
      reportLoad();
    }
  }

  private void complete(Completion completion) {
    pending.answered(completion.id(), row -> rowAnswering.answer(row, completion), this::finish);
  }

  private void finish(UnitRow row, Answer answer) {
    if (answer.errorCode() != null && row.errorCode() == null) {
      counts.addError(row, answer.errorCode(), answer.errorMessage());
      logError(row, answer);
      errorWatch.check(counts.errors());
    }
    boolean apart = form.failedRowsApart() && answer.errorCode() != null;
    (apart ? failedRows : answeredRows).add(row, answer);
    counts.add(answer);
    rowErrors.emitted(answer);
    sampler.emitted();
    if (answeredRows.isFull() || failedRows.isFull()) {
      emit();
    }
  }

  /** Logs the first rows that the engine could not answer. All of them are in the output. */
  private void logError(UnitRow row, Answer answer) {
    if (errorsLogged++ < MAX_ERRORS_LOGGED) {
      LOG.warn(
          "{} row {} ({} row {}) has error {}: {}",
          row.sourceFile(),
          row.sourceRow(),
          row.unitFile(),
          row.unitRow(),
          answer.errorCode(),
          answer.errorMessage());
    }
  }

  private void emit() {
    if (answeredRows.rows() > 0) {
      output.collect(new StreamRecord<>(answeredRows.take()));
    }
    if (failedRows.rows() > 0) {
      output.collect(OutputLayout.FAILED_ROWS, new StreamRecord<>(failedRows.take()));
    }
  }

  /**
   * Stops, because the process is about to end: rows without an answer go back to the source's
   * enumerator, also those of the engine's current step. What was answered is safe after the next
   * checkpoint.
   */
  private void leave() throws IOException {
    if (!inputEnded && !leaving) {
      LOG.info("Leaving: {} rows go to other tasks", pending.rows());
      leaving = true;
      engine.stop();
      gate.leave(UnfinishedRows.byUnit(pending), this::forget);
    }
  }

  private void forget(boolean finish) {
    pending.clear();
    leavesWith = finish ? OptionalLong.empty() : OptionalLong.of(lastCheckpoint + 1);
    reportLoad();
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    if (termination != null && leavesWith.isPresent() && checkpointId >= leavesWith.getAsLong()) {
      termination.left();
    }
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws IOException {
    emit();
    errorWatch.checkAll(counts.errors());
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    lastCheckpoint = context.getCheckpointId();
    unfinishedState.update(UnfinishedRows.references(pending));
    counts.snapshot();
    energy.publish(pending.rows() > 0);
    energy.snapshot();
  }

  /**
   * The reader ends the input once no row is pending. Only a drain ({@code flink stop --drain})
   * ends it earlier. Pending rows then stay without an answer, as in any job that is stopped, and
   * later completions must not reach the sink, which has finished.
   */
  @Override
  public void endInput() throws Exception {
    inputEnded = true;
    if (pending.rows() > 0) {
      LOG.info("The job is stopped: {} rows in the engine have no answer", pending.rows());
    }
    LOG.info(
        "The engine was given rows for {} ms, and waited for rows for {} ms of them",
        engine.idle().spanMillis(),
        engine.idle().idleMillis());
    emit();
    sampler.end();
    energy.publish(false);
    errorWatch.checkAll(counts.errors());
  }

  @Override
  public void close() throws Exception {
    // Also called if open() has failed: IOUtils skips null.
    IOUtils.closeAll(termination, engine, rowAnswering, answeredRows, failedRows);
    super.close();
  }
}
