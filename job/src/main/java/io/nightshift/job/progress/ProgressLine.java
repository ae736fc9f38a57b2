package io.nightshift.job.progress;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Draws progress in one line: in place on a terminal, where each stage leaves its last line behind,
 * or as a plain line every ten seconds if the output is not a terminal. Not thread-safe.
 */
final class ProgressLine {
  private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(10);
  private static final String CLEAR_TO_END_OF_LINE = "\u001b[K";

  private final PrintWriter out;
  private final OptionalInt terminalWidth;
  private final boolean color;
  private final ProgressRates rates = new ProgressRates();
  private @Nullable ProgressSnapshot drawn;
  private Duration drawnAt = Duration.ZERO;

  /**
   * @param terminalWidth columns of the terminal that {@code out} is; empty if it is not one
   * @param color whether the terminal may be sent colours
   */
  ProgressLine(PrintWriter out, OptionalInt terminalWidth, boolean color) {
    this.out = out;
    this.terminalWidth = terminalWidth;
    this.color = color;
  }

  /**
   * Adds the state of the run, and draws it if it is due.
   *
   * @param time since the run began
   */
  void update(ProgressSnapshot snapshot, Duration time) {
    rates.add(time, snapshot);
    boolean anotherStage = drawn == null || drawn.stage() != snapshot.stage();
    if (terminalWidth.isPresent()) {
      if (drawn != null && anotherStage) {
        out.println();
      }
      draw(snapshot, time);
    } else if (anotherStage || time.minus(drawnAt).compareTo(PLAIN_INTERVAL) >= 0) {
      draw(snapshot, time);
    }
  }

  /** Draws the state of the run at its end. */
  void finish(ProgressSnapshot snapshot, Duration time) {
    update(snapshot, time);
    if (terminalWidth.isPresent()) {
      out.println();
      out.flush();
    } else if (!snapshot.equals(drawn)) {
      draw(snapshot, time);
    }
  }

  private void draw(ProgressSnapshot snapshot, Duration time) {
    if (terminalWidth.isPresent()) {
      // A line as wide as the terminal would wrap, and redrawing would fill the screen.
      int width = terminalWidth.getAsInt() - 1;
      out.print("\r" + ProgressText.line(snapshot, rates, width, color) + CLEAR_TO_END_OF_LINE);
    } else {
      String line = ProgressText.line(snapshot, rates, Integer.MAX_VALUE, false);
      out.println(NumberText.duration(time) + "  " + line);
    }
    out.flush();
    drawn = snapshot;
    drawnAt = time;
  }
}
