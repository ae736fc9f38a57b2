package io.nightshift.job.cli;

import java.util.OptionalInt;

/** What {@code bin/nightshift} passes to the process that it starts, as system properties. */
final class Launcher {
  private Launcher() {}

  /** Whether the process is the launcher's own, so that it may exit with a status. */
  static boolean isPresent() {
    return Boolean.getBoolean("nightshift.launcher");
  }

  /** Columns of the terminal that standard error is; empty if it is not one. */
  static OptionalInt terminalWidth() {
    int width = Integer.getInteger("nightshift.terminal.width", 0);
    return width > 0 ? OptionalInt.of(width) : OptionalInt.empty();
  }

  /** Whether the terminal may be sent colours (see no-color.org). */
  static boolean color() {
    String noColor = System.getenv("NO_COLOR");
    return noColor == null || noColor.isEmpty();
  }
}
