package io.nightshift.operators.infer;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.units.source.ReadGate;
import io.nightshift.operators.report.ErrorBound;
import io.nightshift.runtime.engine.Completion;
import io.nightshift.runtime.engine.Request;
import io.nightshift.runtime.runner.DeviceLostException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
 * Answers the rows of work units with an engine of its own and emits them as they finish, in no
 * particular order.
 *
 * <p>Each row comes out exactly once. A checkpoint does not wait for the engine: rows that have
 * finished are emitted before its barrier, the others go into state as references to unit and row,
 * and are read again from their unit after a failure. The operator never waits in the task's
 * thread, where checkpoints would wait with it: while it holds as many rows as it may, and at the
 * end of the input until all have their answers, it keeps the {@link ReadGate} of its task shut.
 */
final class InferenceOperator extends AbstractStreamOperator<ArrowBatch>
    implements OneInputStreamOperator<ArrowBatch, ArrowBatch>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  /** Rows that wait for a shared answer at most, for each request that waits. */
  private static final int MAX_SHARING = 8;

  /** Most bytes of kept columns that rows without an answer hold in memory, about. */
  private static final long MAX_PENDING_BYTES = 64L << 20;

  private static final int MAX_ERRORS_LOGGED = 10;

  private final MailboxExecutor mailbox;
  private final EngineFactory engines;
  private final AnswerSpecification specification;
  private final Schema keptSchema;
  private final OutputForm form;
  private final Path planFolder;
  private final ErrorBound errorBound;
  private final int lookAheadRows;
  private final boolean processMayEnd;

  private final PendingRows pending;
  private final List<Tuple2<String, long[]>> restored = new ArrayList<>();
  private @Nullable String lastUnit;
  private int errorsLogged;
  private boolean inputEnded;

  private transient ReadGate gate;
  private transient UnitRowDecoder decoder;
  private transient AnswerBatchBuilder answers;
  private transient AnswerBatchBuilder failedRows;
  private transient EngineThread engine;
  private transient ListState<Tuple2<String, long[]>> unfinishedState;
  private transient AnswerCounts counts;
  private transient ErrorWatch errorWatch;
  private transient InferenceMetrics metrics;

  @SuppressWarnings(
      "NullAway.Init") // Flink calls initializeState() and open() before anything else
  InferenceOperator(
      StreamOperatorParameters<ArrowBatch> parameters,
      EngineFactory engines,
      AnswerSpecification specification,
      Schema keptSchema,
      OutputForm form,
      Path planFolder,
      ErrorBound errorBound,
      int lookAheadRows,
      boolean processMayEnd) {
    super(parameters);
    this.mailbox = parameters.getMailboxExecutor();
    this.engines = engines;
    this.specification = specification;
    this.pending = new PendingRows(specification.sharesAnswers());
    this.keptSchema = keptSchema;
    this.form = form;
    this.planFolder = planFolder;
    this.errorBound = errorBound;
    this.lookAheadRows = lookAheadRows;
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
    errorWatch = new ErrorWatch(errorBound, getRuntimeContext());
  }

  @Override
  public void open() throws Exception {
    super.open();
    gate = gateOfTask();
    BufferAllocator allocator = ArrowMemory.allocator(getRuntimeContext());
    decoder = new UnitRowDecoder(keptSchema);
    answers = batchBuilder(allocator);
    failedRows = batchBuilder(allocator);
    metrics = new InferenceMetrics(getMetricGroup());
    engine = new EngineThread(createEngine(), metrics::stepped, this::onFinished, this::onFailed);
    metrics.show(engine.idle());
    new UnfinishedRows(planFolder, decoder, allocator).read(restored, this::submit);
    restored.clear();
    reportLoad();
  }

  /** A job graph without the chain is wrong on every attempt. */
  private static ReadGate gateOfTask() {
    try {
      return ReadGate.ofCurrentTask();
    } catch (IllegalStateException e) {
      throw new SuppressRestartsException(e);
    }
  }

  private TaskEngine createEngine() throws Exception {
    List<Integer> gpus = TaskGpus.of(getRuntimeContext());
    return gpus.isEmpty() ? engines.create() : engines.create(gpus);
  }

  private AnswerBatchBuilder batchBuilder(BufferAllocator allocator) {
    return new AnswerBatchBuilder(
        keptSchema, specification.choiceTexts(), form.sourceColumns(), allocator);
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
      LOG.info("Answering {} from row {} on", lastUnit, row.unitRow());
    }
  }

  /** Tells the reader whether to read on, and at the end, whether to wait. */
  private void reportLoad() {
    if (isFull()) {
      gate.report(ReadGate.State.FULL);
    } else {
      gate.report(pending.rows() > 0 ? ReadGate.State.BUSY : ReadGate.State.IDLE);
    }
  }

  private boolean isFull() {
    return pending.requests() >= lookAheadRows
        || pending.rows() >= lookAheadRows * MAX_SHARING
        || pending.bytes() >= MAX_PENDING_BYTES;
  }

  private void submit(UnitRow row) {
    if (row.errorCode() != null) {
      finish(row, Answer.error(0, row.errorCode(), row.errorMessage()));
      return;
    }
    pending.add(
        row,
        id ->
            engine.submit(
                new Request(
                    id,
                    row.tokens(),
                    specification.samplingOf(row.sourceFile(), row.sourceRow()),
                    specification.optionalChoices())),
        this::finish);
  }

  /** On the engine's thread: hands completions to the task's. */
  private void onFinished(List<Completion> completions) {
    mail(() -> complete(completions), "completions");
  }

  /** On the engine's thread: fails the task. */
  private void onFailed(Throwable failure) {
    mail(
        () -> {
          String message =
              "the engine failed: %s (%s rows have no answer, the last ones read are of %s)"
                  .formatted(
                      failure.getMessage(),
                      pending.rows(),
                      Objects.requireNonNullElse(lastUnit, "no unit"));
          if (failure instanceof DeviceLostException && processMayEnd) {
            // A task that throws an error of the JVM ends its TaskManager. Restarted in the same
            // process, the task would find no device.
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
      // The task is ending and takes nothing any more; close() ends the engine.
      LOG.debug("{} came too late", what);
    }
  }

  private void complete(List<Completion> completions) {
    if (!inputEnded) {
      completions.forEach(this::complete);
      reportLoad();
    }
  }

  private void complete(Completion completion) {
    Answer answer = specification.answerOf(completion);
    List<UnitRow> rows = pending.answered(completion.id(), answer);
    finish(rows.get(0), answer);
    Answer shared = answer.forDuplicate();
    rows.subList(1, rows.size()).forEach(row -> finish(row, shared));
  }

  private void finish(UnitRow row, Answer answer) {
    if (answer.errorCode() != null && row.errorCode() == null) {
      counts.addError(row, answer.errorCode(), answer.errorMessage());
      logError(row, answer);
      errorWatch.check(counts.errors());
    }
    boolean apart = form.failedRowsApart() && answer.errorCode() != null;
    (apart ? failedRows : answers).add(row, answer);
    counts.add(answer);
    metrics.emitted(answer);
    if (answers.isFull() || failedRows.isFull()) {
      emit();
    }
  }

  /** Names the first rows that the engine could not answer; the rest are in the output. */
  private void logError(UnitRow row, Answer answer) {
    if (errorsLogged++ < MAX_ERRORS_LOGGED) {
      LOG.warn(
          "{} row {} ({} row {}) came out with {}: {}",
          row.sourceFile(),
          row.sourceRow(),
          row.unitFile(),
          row.unitRow(),
          answer.errorCode(),
          answer.errorMessage());
    }
  }

  private void emit() {
    if (answers.rows() > 0) {
      output.collect(new StreamRecord<>(answers.take()));
    }
    if (failedRows.rows() > 0) {
      output.collect(OutputForm.FAILED_ROWS, new StreamRecord<>(failedRows.take()));
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
    unfinishedState.update(UnfinishedRows.references(pending));
    counts.snapshot();
  }

  /**
   * The reader ends its input when no row waits for an answer. Only a drain ({@code flink stop
   * --drain}) ends it before: rows that wait then stay without an answer, as in any job that is
   * stopped, and what the engine still says of them must not reach the sink, which has finished.
   */
  @Override
  public void endInput() throws Exception {
    inputEnded = true;
    if (pending.rows() > 0) {
      LOG.info(
          "The job is stopped: {} rows that the engine has begun have no answer", pending.rows());
    }
    LOG.info(
        "The engine was given rows for {} ms, and waited for rows for {} ms of them",
        engine.idle().spanMillis(),
        engine.idle().idleMillis());
    emit();
    errorWatch.checkAll(counts.errors());
  }

  @Override
  public void close() throws Exception {
    // Also after an open() that failed half way: IOUtils skips null.
    IOUtils.closeAll(engine, answers, failedRows);
    super.close();
  }
}
