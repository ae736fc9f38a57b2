package io.nightshift.operators.infer;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.runtime.engine.Completion;
import io.nightshift.runtime.engine.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.IOUtils;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * Answers the rows of work units with an engine of its own and emits them as they finish, in no
 * particular order.
 *
 * <p>Each row comes out exactly once. A checkpoint does not wait for the engine: rows that have
 * finished are emitted before its barrier, the others go into state as references to unit and row,
 * and are read again from their unit after a failure.
 */
final class InferenceOperator extends AbstractStreamOperator<ArrowBatch>
    implements OneInputStreamOperator<ArrowBatch, ArrowBatch>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  /** Rows that wait for a shared answer at most, for each request that waits. */
  private static final int MAX_SHARING = 8;

  /** Rows of an output batch, unless a checkpoint or the end comes first. */
  private static final int OUTPUT_BATCH_ROWS = 512;

  private final MailboxExecutor mailbox;
  private final EngineFactory engines;
  private final AnswerSpecification specification;
  private final Schema keptSchema;
  private final OutputForm form;
  private final Path planFolder;
  private final int lookAheadRows;

  private final PendingRows pending;
  private final List<Tuple2<String, long[]>> restored = new ArrayList<>();

  private transient UnitRowDecoder decoder;
  private transient AnswerBatchBuilder answers;
  private transient AnswerBatchBuilder failedRows;
  private transient EngineThread engine;
  private transient ListState<Tuple2<String, long[]>> unfinishedState;
  private transient AnswerCounts counts;
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
      int lookAheadRows) {
    super(parameters);
    this.mailbox = parameters.getMailboxExecutor();
    this.engines = engines;
    this.specification = specification;
    this.pending = new PendingRows(specification.sharesAnswers());
    this.keptSchema = keptSchema;
    this.form = form;
    this.planFolder = planFolder;
    this.lookAheadRows = lookAheadRows;
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
  }

  @Override
  public void open() throws Exception {
    super.open();
    BufferAllocator allocator = ArrowMemory.allocator(getRuntimeContext());
    decoder = new UnitRowDecoder(keptSchema);
    answers = batchBuilder(allocator);
    failedRows = batchBuilder(allocator);
    metrics = new InferenceMetrics(getMetricGroup());
    engine = new EngineThread(engines.create(), metrics::stepped, this::onFinished, this::onFailed);
    metrics.show(engine.idle());
    new UnfinishedRows(planFolder, decoder, allocator).read(restored, this::submit);
    restored.clear();
  }

  private AnswerBatchBuilder batchBuilder(BufferAllocator allocator) {
    return new AnswerBatchBuilder(
        keptSchema, specification.choiceTexts(), form.sourceColumns(), allocator);
  }

  @Override
  public void processElement(StreamRecord<ArrowBatch> element) throws Exception {
    try (ArrowBatch batch = element.getValue()) {
      for (int row = 0; row < batch.rows(); row++) {
        submit(decoder.read(batch, row));
      }
    }
    while (pending.requests() >= lookAheadRows || pending.rows() >= lookAheadRows * MAX_SHARING) {
      mailbox.yield();
    }
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
    mail(() -> completions.forEach(this::complete), "completions");
  }

  /** On the engine's thread: fails the task. */
  private void onFailed(Throwable failure) {
    mail(
        () -> {
          throw new Exception("the engine failed: " + failure.getMessage(), failure);
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

  private void complete(Completion completion) {
    Answer answer = specification.answerOf(completion);
    List<UnitRow> rows = pending.answered(completion.id(), answer);
    finish(rows.get(0), answer);
    Answer shared = answer.forDuplicate();
    rows.subList(1, rows.size()).forEach(row -> finish(row, shared));
  }

  private void finish(UnitRow row, Answer answer) {
    if (answer.errorCode() != null && row.errorCode() == null) {
      counts.addError(
          answer.errorCode(),
          "%s row %d: %s".formatted(row.sourceFile(), row.sourceRow(), answer.errorMessage()));
    }
    boolean apart = form.failedRowsApart() && answer.errorCode() != null;
    (apart ? failedRows : answers).add(row, answer);
    counts.add(answer);
    metrics.emitted(answer);
    if (answers.rows() >= OUTPUT_BATCH_ROWS || failedRows.rows() >= OUTPUT_BATCH_ROWS) {
      emit();
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
  public void prepareSnapshotPreBarrier(long checkpointId) {
    emit();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    unfinishedState.update(UnfinishedRows.references(pending));
    counts.snapshot();
  }

  @Override
  public void endInput() throws Exception {
    while (pending.rows() > 0) {
      mailbox.yield();
    }
    LOG.info(
        "The engine was given rows for {} ms, and waited for rows for {} ms of them",
        engine.idle().spanMillis(),
        engine.idle().idleMillis());
    emit();
  }

  @Override
  public void close() throws Exception {
    // Also after an open() that failed half way: IOUtils skips null.
    IOUtils.closeAll(engine, answers, failedRows);
    super.close();
  }
}
