package io.nightshift.runtime.engine;

import io.nightshift.runtime.sampling.LogitsWorkspace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that process the logits rows of a step, each with its own buffers. */
final class LogitsWorkers implements AutoCloseable {

  /** The task for one row. */
  @FunctionalInterface
  interface RowTask {
    void run(int row, LogitsWorkspace workspace);
  }

  private final List<LogitsWorkspace> workspaces = new ArrayList<>();
  private final ExecutorService threads;

  LogitsWorkers(int threadCount, int vocabularySize) {
    for (int i = 0; i < threadCount; i++) {
      workspaces.add(new LogitsWorkspace(vocabularySize));
    }
    threads =
        Executors.newFixedThreadPool(
            threadCount,
            task -> {
              Thread thread = new Thread(task, "nightshift-sampling");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Runs {@code task} for each of {@code rows} rows, and returns when all have completed. */
  void forEachRow(int rows, RowTask task) {
    int workers = Math.min(rows, workspaces.size());
    if (workers <= 1) {
      for (int row = 0; row < rows; row++) {
        task.run(row, workspaces.get(0));
      }
      return;
    }
    AtomicInteger next = new AtomicInteger();
    List<Callable<Void>> tasks = new ArrayList<>();
    for (LogitsWorkspace workspace : workspaces.subList(0, workers)) {
      tasks.add(
          () -> {
            for (int row = next.getAndIncrement(); row < rows; row = next.getAndIncrement()) {
              task.run(row, workspace);
            }
            return null;
          });
    }
    try {
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sampling", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("sampling failed: " + e.getCause(), e.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
