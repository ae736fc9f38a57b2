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
 * Runs an engine on its own thread, so that the task thread is free for checkpoints. Requests can
 * be submitted at any time. Completions are delivered on the engine thread, in the order in which
 * they finish.
 */
public final class EngineThread implements AutoCloseable {
  /** Listener for steps. */
  public interface StepListener {
    void stepped(EngineStatistics after, long nanos);

    /** Tells both, one after the other. */
    static StepListener both(StepListener first, StepListener second) {
      return (after, nanos) -> {
        first.stepped(after, nanos);
        second.stepped(after, nanos);
      };
    }
  }

  private final TaskEngine taskEngine;
  private final StepListener steps;
  private final Consumer<List<Completion>> finished;
  private final Consumer<Throwable> failed;
  private final IdleTime idle;
  private final LinkedBlockingQueue<Request> submitted = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Takes ownership of {@code taskEngine} and starts the thread.
   *
   * @param idle is told when the engine has no work
   * @param steps called after every step, on the engine thread
   * @param finished called with the completions of every step that has any, on the engine thread
   * @param failed called once if the engine fails, on the engine thread; there are no completions
   *     after that
   */
  public EngineThread(
      TaskEngine taskEngine,
      IdleTime idle,
      StepListener steps,
      Consumer<List<Completion>> finished,
      Consumer<Throwable> failed) {
    this.taskEngine = taskEngine;
    this.idle = idle;
    this.steps = steps;
    this.finished = finished;
    this.failed = failed;
    this.thread = new Thread(this::run, "llm-engine");
    thread.setDaemon(true);
    thread.start();
  }

  /** Queues a request. Thread-safe. */
  public void submit(Request request) {
    idle.rowGiven();
    submitted.add(request);
  }

  /** Time for which the engine had no work. */
  public IdleTime idle() {
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
        taskEngine.energy().begin();
        long begin = System.nanoTime();
        List<Completion> completions = engine.step();
        steps.stepped(engine.statistics(), System.nanoTime() - begin);
        taskEngine.energy().stepped(!engine.hasUnfinished());
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

  /** Lets the engine stop after the current step. Unfinished requests are dropped. */
  void stop() {
    closed = true;
    thread.interrupt();
  }

  /**
   * Stops after the current step, closes the engine, and returns when both are done. Unfinished
   * requests are dropped.
   */
  @Override
  public void close() throws InterruptedException {
    stop();
    thread.join();
  }
}
