package io.nightshift.job.progress;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Shows progress as one line, updated on a separate thread. */
public final class LiveProgress implements ProgressDisplay {
  private static final Duration INTERVAL = Duration.ofMillis(250);

  private final PrintWriter out;
  private final OptionalInt terminalWidth;
  private final boolean color;
  private final long startNanos = System.nanoTime();

  /**
   * @param terminalWidth columns of the terminal that {@code out} is; empty if it is not one, for
   *     plain lines at intervals
   * @param color whether the terminal may be sent colours
   */
  public LiveProgress(PrintWriter out, OptionalInt terminalWidth, boolean color) {
    this.out = out;
    this.terminalWidth = terminalWidth;
    this.color = color;
  }

  @Override
  public Following follow(Supplier<ProgressSnapshot> source) {
    return new Poller(source);
  }

  private final class Poller implements Following {
    private final Supplier<ProgressSnapshot> source;
    private final ProgressLine line = new ProgressLine(out, terminalWidth, color);
    private final ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "nightshift-progress");
              thread.setDaemon(true);
              return thread;
            });
    private boolean closed;

    Poller(Supplier<ProgressSnapshot> source) {
      this.source = source;
      update();
      executor.scheduleWithFixedDelay(
          this::update, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void update() {
      if (!closed) {
        line.update(source.get(), elapsed());
      }
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        executor.shutdown();
        line.finish(source.get(), elapsed());
      }
    }

    private Duration elapsed() {
      return Duration.ofNanos(System.nanoTime() - startNanos);
    }
  }
}
