package io.nightshift.operators.infer;

import io.nightshift.runtime.engine.Completion;
import io.nightshift.runtime.engine.EngineStatistics;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.engine.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Runs an engine on a thread of its own, so that the task thread stays free for checkpoints.
 * Requests go in at any time, also during a step; completions come out on the engine's thread, in
 * the order in which they finish.
 */
final class EngineThread implements AutoCloseable {
  /** Is told of every step. */
  interface StepListener {
    void stepped(EngineStatistics after, long nanos);
  }

  private final TaskEngine taskEngine;
  private final StepListener steps;
  private final Consumer<List<Completion>> finished;
  private final Consumer<Throwable> failed;
  private final IdleTime idle = new IdleTime();
  private final LinkedBlockingQueue<Request> submitted = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Takes ownership of {@code taskEngine} and starts.
   *
   * @param steps is told of every step, on the engine's thread
   * @param finished is handed the completions of every step that has some
   * @param failed is told once if the engine fails; nothing finishes after that
   */
  EngineThread(
      TaskEngine taskEngine,
      StepListener steps,
      Consumer<List<Completion>> finished,
      Consumer<Throwable> failed) {
    this.taskEngine = taskEngine;
    this.steps = steps;
    this.finished = finished;
    this.failed = failed;
    this.thread = new Thread(this::run, "llm-engine");
    thread.setDaemon(true);
    thread.start();
  }

  void submit(Request request) {
    idle.rowGiven();
    submitted.add(request);
  }

  /** How long the engine had nothing to do. */
  IdleTime idle() {
    return idle;
  }

  private void run() {
    List<Request> arrived = new ArrayList<>();
    try (taskEngine) {
      LlmEngine engine = taskEngine.engine();
      while (!closed) {
        if (!engine.hasUnfinished()) {
          long since = System.nanoTime();
          arrived.add(submitted.take());
          idle.engineWaited(since, System.nanoTime());
        }
        submitted.drainTo(arrived);
        arrived.forEach(engine::add);
        arrived.clear();
        long begin = System.nanoTime();
        List<Completion> completions = engine.step();
        steps.stepped(engine.statistics(), System.nanoTime() - begin);
        if (!completions.isEmpty()) {
          finished.accept(completions);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      if (!closed) {
        failed.accept(e);
      }
    }
  }

  /**
   * Ends after the step in progress, frees the engine, and returns when both are done. Unfinished
   * requests are dropped.
   */
  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.interrupt();
    thread.join();
  }
}
