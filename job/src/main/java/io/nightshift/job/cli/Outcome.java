package io.nightshift.job.cli;

import java.io.PrintWriter;
import java.util.Optional;

/**
 * How a command ended.
 *
 * @param status 0 done; 1 the job failed; 2 the call or the job file was wrong
 * @param complaint what went wrong and what to do: a line, and one more for each of several
 *     findings
 * @param cause of the complaint
 * @param debug whether the user wants to see the cause's stack trace
 */
record Outcome(int status, Optional<String> complaint, Optional<Throwable> cause, boolean debug) {

  static final int DONE = 0;
  static final int JOB_FAILED = 1;
  static final int WRONG_CALL = 2;

  static Outcome failed(int status, String complaint, Throwable cause, boolean debug) {
    return new Outcome(status, Optional.of(complaint), Optional.of(cause), debug);
  }

  /** Prints the complaint, and the stack trace if the user wants it. */
  void print(PrintWriter err) {
    complaint.ifPresent(line -> err.println("nightshift: " + line));
    if (debug) {
      cause.ifPresent(throwable -> throwable.printStackTrace(err));
    }
    err.flush();
  }
}
