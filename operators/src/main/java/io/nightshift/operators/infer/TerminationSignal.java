package io.nightshift.operators.infer;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Tells the inference tasks of this process that it is about to end (SIGTERM), and lets Flink end
 * it only when they have left. By itself, Flink would fail them at once: they go back to the last
 * checkpoint then, and what was done since is done again.
 *
 * <p>A machine that announces its end gives a time for it, after which it kills the process. The
 * tasks need a checkpoint to leave; what they do not reach in time is recovered like any failure.
 */
final class TerminationSignal {
  private static final Logger LOG = LoggerFactory.getLogger(TerminationSignal.class);
  private static final Signal TERM = new Signal("TERM");
  private static final SignalHandler HANDLER = TerminationSignal::received;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final long POLL_MILLIS = 20;

  /** For the message with which a task's end reaches the JobManager after its thread has ended. */
  private static final long REPORT_MILLIS = 1000;

  private static final Set<Task> TASKS = new LinkedHashSet<>();
  private static @Nullable SignalHandler flinks;
  private static boolean received;

  private TerminationSignal() {}

  /** A task that is told of the signal, until it is closed. */
  static final class Task implements AutoCloseable {
    private final Thread thread = Thread.currentThread();
    private final CountDownLatch left = new CountDownLatch(1);
    private final Runnable leave;

    private Task(Runnable leave) {
      this.leave = leave;
    }

    /** The process may end: the task has nothing any more that would be lost with it. */
    void left() {
      left.countDown();
    }

    @Override
    public void close() {
      remove(this);
    }

    private void await(long end) throws InterruptedException {
      while (left.getCount() > 0 && thread.isAlive() && System.nanoTime() < end) {
        TimeUnit.MILLISECONDS.timedJoin(thread, POLL_MILLIS);
      }
    }
  }

  /**
   * Registers the task of the current thread.
   *
   * @param leave makes the task end as soon as it can; called by another thread
   */
  static Task onTermination(Runnable leave) {
    Task task = new Task(leave);
    synchronized (TASKS) {
      if (TASKS.isEmpty()) {
        install();
      }
      TASKS.add(task);
    }
    return task;
  }

  private static void install() {
    try {
      flinks = Signal.handle(TERM, HANDLER);
    } catch (IllegalArgumentException e) {
      LOG.warn("If this process gets SIGTERM, its tasks fail: the JVM leaves signals alone", e);
    }
  }

  /** Jobs have class loaders of their own, none of which must stay for the handler's sake. */
  private static void remove(Task task) {
    synchronized (TASKS) {
      TASKS.remove(task);
      if (TASKS.isEmpty() && flinks != null) {
        SignalHandler installed = Signal.handle(TERM, flinks);
        if (installed != HANDLER) {
          Signal.handle(TERM, installed);
        }
      }
    }
  }

  private static void received(Signal signal) {
    List<Task> leaving;
    SignalHandler next;
    synchronized (TASKS) {
      leaving = received ? List.of() : List.copyOf(TASKS);
      received = true;
      next = flinks;
    }
    LOG.info("This process is about to end: {} inference tasks return their rows", leaving.size());
    leaving.forEach(task -> task.leave.run());
    try {
      await(leaving);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (next != null) {
      next.handle(signal);
    }
  }

  private static void await(List<Task> leaving) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (Task task : leaving) {
      task.await(end);
    }
    if (!leaving.isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(REPORT_MILLIS);
    }
  }
}
