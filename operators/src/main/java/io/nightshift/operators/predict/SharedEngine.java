package io.nightshift.operators.predict;

import io.nightshift.operators.infer.Answer;
import io.nightshift.operators.infer.AnswerConstraint;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.infer.EngineMetrics;
import io.nightshift.operators.infer.EngineThread;
import io.nightshift.operators.infer.IdleTime;
import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.operators.render.RowException;
import io.nightshift.operators.tokenize.PromptEncoding;
import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.engine.Completion;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * An engine that answers the prompts of many subtasks. A thread, with some to help it, tokenizes
 * what has arrived, the engine's own thread answers it, and another one passes the answers on, so
 * that the engine never waits for those who receive them.
 */
final class SharedEngine implements AutoCloseable {
  /**
   * Prompts that each thread tokenizes before they are handed to the engine: with all that arrive
   * when a query starts, the engine would have nothing to do for seconds.
   */
  private static final int PROMPTS_AT_A_TIME = 64;

  /** Threads that tokenize: a GPU answers more rows than one of them can tokenize. */
  private static final int TOKENIZING_THREADS =
      Math.max(1, Runtime.getRuntime().availableProcessors() / 4);

  /** A prompt without an answer yet. */
  private record Pending(
      ModelRequests requests, RenderedPrompt prompt, CompletableFuture<Answer> answer) {

    void fail(RowException e) {
      answer.complete(Answer.error(0, e.code().columnValue(), e.getMessage()));
    }
  }

  private final TaskEngine taskEngine;
  private final Tokenizer tokenizer;
  private final Map<AnswerConstraint, Constraint> constraints = new ConcurrentHashMap<>();
  private final LinkedBlockingQueue<Pending> arrived = new LinkedBlockingQueue<>();
  private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
  private final ExecutorService receivers =
      Executors.newSingleThreadExecutor(task -> daemon(task, "llm-answers"));
  private final EngineThread engine;
  private final Thread tokenizing;
  private volatile @Nullable Throwable failure;

  private SharedEngine(TaskEngine taskEngine, Tokenizer tokenizer, EngineMetrics metrics) {
    this.taskEngine = taskEngine;
    this.tokenizer = tokenizer;
    engine =
        new EngineThread(
            taskEngine, new IdleTime(), metrics::stepped, this::onFinished, this::onFailed);
    metrics.show(engine.idle());
    metrics.show(taskEngine.energy());
    tokenizing = daemon(this::tokenize, "llm-tokenizer");
    tokenizing.start();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Opens the engine of a model.
   *
   * @param gpus that Flink has assigned to the TaskManager, ascending; empty if it has not
   */
  static SharedEngine open(PredictModel model, List<Integer> gpus, EngineMetrics metrics)
      throws Exception {
    Tokenizer tokenizer =
        Tokenizers.open(
            ModelFormats.describe(model.source().withoutWeights()).tokenizerSource(),
            TOKENIZING_THREADS);
    try {
      EngineFactory engines = model.engines();
      TaskEngine taskEngine = gpus.isEmpty() ? engines.create() : engines.create(gpus);
      return new SharedEngine(taskEngine, tokenizer, metrics);
    } catch (Exception | Error e) {
      tokenizer.close();
      throw e;
    }
  }

  /** Prepares the engine for a model, whose constraint is compiled once for all subtasks. */
  ModelRequests requests(PredictModel model) {
    AnswerConstraint constraint = model.answer().constraint();
    Optional<Constraint> compiled =
        constraint == null
            ? Optional.empty()
            : Optional.of(
                constraints.computeIfAbsent(
                    constraint, given -> taskEngine.constraints().compile(given.specification())));
    return new ModelRequests(
        model.answer(),
        new PromptEncoding(tokenizer, model.promptLimit()),
        model.prompt().isPlainText(),
        compiled);
  }

  /**
   * Answers a prompt, which takes its time. The answer completes on a thread of the engine; it
   * completes exceptionally if the engine fails. A prompt whose answer has been completed by others
   * before its turn is left out.
   */
  CompletableFuture<Answer> answer(ModelRequests requests, RenderedPrompt prompt) {
    Pending row = new Pending(requests, prompt, new CompletableFuture<>());
    arrived.add(row);
    failIfFailed(row);
    return row.answer();
  }

  /** The text of a token of the model's vocabulary by the id. */
  IntFunction<String> tokenTexts() {
    return taskEngine.tokenTexts();
  }

  /** Whether the engine has failed, so that nothing more is answered. */
  boolean hasFailed() {
    return failure != null;
  }

  private void tokenize() {
    List<Pending> rows = new ArrayList<>();
    long id = 0;
    try {
      while (true) {
        rows.add(arrived.take());
        arrived.drainTo(rows, PROMPTS_AT_A_TIME * TOKENIZING_THREADS - 1);
        rows.removeIf(row -> row.answer().isDone());
        List<int[]> encoded = tokenizer.encodePrompts(rows.stream().map(Pending::prompt).toList());
        for (int i = 0; i < rows.size(); i++) {
          submit(id++, rows.get(i), encoded.get(i));
        }
        rows.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      onFailed(e);
    }
  }

  private void submit(long id, Pending row, int[] encoded) {
    try {
      pending.put(id, row);
      failIfFailed(row);
      engine.submit(row.requests().request(id, encoded));
    } catch (RowException e) {
      pending.remove(id);
      row.fail(e);
    }
  }

  /** Called on the engine's thread. */
  private void onFinished(List<Completion> completions) {
    try {
      receivers.execute(() -> completions.forEach(this::complete));
    } catch (RejectedExecutionException e) {
      // The engine is being closed: nobody waits for its answers.
    }
  }

  private void complete(Completion completion) {
    Pending row = pending.remove(completion.id());
    if (row != null) {
      row.answer().complete(row.requests().answer().answerOf(completion));
    }
  }

  /** A row that is queued after the queues were emptied would have no answer. */
  private void failIfFailed(Pending row) {
    Throwable failed = failure;
    if (failed != null) {
      row.answer().completeExceptionally(failed);
    }
  }

  private void onFailed(Throwable cause) {
    failure = cause;
    List<Pending> rows = new ArrayList<>(pending.values());
    arrived.drainTo(rows);
    rows.forEach(row -> row.answer().completeExceptionally(cause));
  }

  /** Drops what has no answer yet, and returns when the engine is closed. */
  @Override
  public void close() throws Exception {
    try (tokenizer) {
      tokenizing.interrupt();
      tokenizing.join();
      engine.close();
      receivers.shutdown();
    }
  }
}
