package io.nightshift.runtime.cpu;

import io.nightshift.runtime.parallel.CollectiveAbortedException;
import io.nightshift.runtime.runner.DeviceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** A fixed set of threads that run one job together; each receives its worker index. */
final class WorkerPool implements AutoCloseable {
  private final List<ExecutorService> workers = new ArrayList<>();

  WorkerPool(int threads) {
    for (int i = 0; i < threads; i++) {
      String name = "nightshift-cpu-" + i;
      workers.add(
          Executors.newSingleThreadExecutor(
              job -> {
                Thread thread = new Thread(job, name);
                thread.setDaemon(true);
                return thread;
              }));
    }
  }

  int size() {
    return workers.size();
  }

  /**
   * Runs {@code job} on every thread at the same time and waits for all of them.
   *
   * @throws DeviceException if a worker failed; its failure is the cause
   */
  void run(IntConsumer job) {
    FirstFailure failure = new FirstFailure();
    List<Future<?>> running = new ArrayList<>(workers.size());
    for (int i = 0; i < workers.size(); i++) {
      int worker = i;
      running.add(workers.get(i).submit(() -> job.accept(worker)));
    }
    boolean interrupted = false;
    for (Future<?> future : running) {
      boolean done = false;
      while (!done) {
        try {
          future.get();
          done = true;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          failure.add(e.getCause() == null ? e : e.getCause());
          done = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    failure.rethrow();
  }

  @Override
  public void close() {
    workers.forEach(ExecutorService::shutdown);
  }

  /**
   * The failure that aborted the step, rather than those of the workers that it released, of this
   * rank or of others.
   */
  private static final class FirstFailure {
    private Throwable first = new StepBarrier.BrokenStepException();
    private boolean failed;

    void add(Throwable failure) {
      failed = true;
      if (consequence(failure) < consequence(first)) {
        first = failure;
      }
    }

    /** A broken step is the consequence of an aborted collective, or of a failure of its own. */
    private static int consequence(Throwable failure) {
      if (failure instanceof StepBarrier.BrokenStepException) {
        return 2;
      }
      return failure instanceof CollectiveAbortedException ? 1 : 0;
    }

    void rethrow() {
      if (!failed) {
        return;
      }
      if (first instanceof DeviceException known) {
        throw known;
      }
      throw new DeviceException("A worker thread of the CPU runner failed: " + first, first);
    }
  }
}
