package io.nightshift.runtime.parallel;

import io.nightshift.runtime.parallel.RankOutcomes.Outcome;
import io.nightshift.runtime.runner.ModelRunner;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A rank: its runner, and the only thread that uses it. */
final class RankThread {
  private static final Logger LOG = LoggerFactory.getLogger(RankThread.class);

  private final int rank;
  private final String device;
  private final ExecutorService thread;

  /** Used by the rank's thread only. */
  private @Nullable ModelRunner runner;

  /** Something that a rank does. */
  interface Task<T> {
    T run(int rank, ModelRunner runner);
  }

  RankThread(int rank, String device) {
    this.rank = rank;
    this.device = device;
    thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread created = new Thread(task, "nightshift-rank-" + rank);
              created.setDaemon(true);
              return created;
            });
  }

  /** The rank and its device, for messages. */
  String name() {
    return "rank " + rank + " (" + device + ")";
  }

  /** Creates the rank's runner, and then runs the first task. */
  <T> void create(
      RankFactory factory, RankContext context, Task<T> first, Consumer<Outcome<T>> done) {
    execute(
        () -> {
          runner = factory.create(context);
          return first.run(rank, runner);
        },
        done);
  }

  /** Runs a task after those before it. */
  <T> void run(Task<T> task, Consumer<Outcome<T>> done) {
    execute(() -> task.run(rank, Objects.requireNonNull(runner)), done);
  }

  private <T> void execute(Supplier<T> task, Consumer<Outcome<T>> done) {
    thread.execute(
        () -> {
          Outcome<T> outcome;
          try {
            outcome = new Outcome<>(rank, task.get(), null);
          } catch (RuntimeException | Error e) {
            outcome = new Outcome<>(rank, null, e);
          }
          done.accept(outcome);
        });
  }

  /** Closes the runner once its last task is done, and ends the thread. */
  void close() {
    thread.execute(
        () -> {
          try {
            if (runner != null) {
              runner.close();
            }
          } catch (RuntimeException e) {
            LOG.warn("The runner of {} could not be closed", name(), e);
          }
        });
    thread.shutdown();
  }

  /** Whether the thread ends before a time of {@link System#nanoTime}. */
  boolean endsBefore(long deadline) {
    return Uninterrupted.await(
        () -> thread.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
  }
}
