package io.nightshift.job.cli;

import org.apache.flink.client.cli.CliFrontend;

/** Flink's command line, {@code flink run}. */
final class FlinkClient {
  private FlinkClient() {}

  /**
   * Whether Flink's command line has called this program in a process of its own, so that the
   * program may end it with a status. Where a JobManager has called it, in application mode or
   * through the web, it must not.
   */
  static boolean isPresent() {
    return StackWalker.getInstance()
        .walk(frames -> frames.map(StackWalker.StackFrame::getClassName).toList())
        .contains(CliFrontend.class.getName());
  }
}
