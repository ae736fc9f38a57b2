package io.nightshift.job;

import io.nightshift.connectors.disk.FullDiskException;
import io.nightshift.connectors.lease.LeaseLostException;
import io.nightshift.job.hub.ModelMismatchException;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.operators.report.TooManyErrorsException;
import io.nightshift.runtime.bench.BenchmarkException;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.DeviceHeldException;
import io.nightshift.runtime.runner.DeviceLostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.runtime.operators.coordination.TaskNotRunningException;
import org.apache.flink.util.SerializedThrowable;

/** Finds the one line in a failure that tells the user what went wrong. */
final class FailureMessage {
  /** Failures whose message says what is wrong and what to do. */
  private static final Set<Class<?>> EXPLAINED =
      Set.of(
          InvalidJobException.class,
          JobFailedException.class,
          TooManyErrorsException.class,
          ModelFormatException.class,
          DeviceException.class,
          DeviceHeldException.class,
          DeviceLostException.class,
          BenchmarkException.class,
          FullDiskException.class,
          LeaseLostException.class,
          ModelMismatchException.class);

  /** Where Flink itself writes, it does not say which disk it is. */
  private static final String FULL_DISK =
      """
      a disk is full (%s): make room in the folders of Flink's processes (io.tmp.dirs, where the \
      plan is sorted, and execution.checkpointing.dir), or set others, and run the job again, which \
      goes on with the rows that have no answer (--debug shows where it happened)""";

  private static final String TASK_GONE =
      "a task failed while it was being given work, and Flink reports only that; the reason is in the"
          + " log of its TaskManager, and under Exceptions in Flink's web interface";

  private FailureMessage() {}

  /**
   * The message of the cause that explains itself, or else of the innermost one: what lies around
   * it is Flink telling that a task failed and that it will not be restarted.
   */
  static String of(Throwable throwable) {
    List<Throwable> causes = causes(throwable);
    for (Throwable cause : causes) {
      if (EXPLAINED.contains(cause.getClass())) {
        return oneLine(String.valueOf(cause.getMessage()));
      }
    }
    Throwable innermost = causes.get(causes.size() - 1);
    if (FullDiskException.tellsOfFullDisk(innermost)) {
      return oneLine(FULL_DISK.formatted(innermost.getMessage()));
    }
    if (innermost instanceof TaskNotRunningException) {
      return TASK_GONE;
    }
    String name = innermost.getClass().getSimpleName();
    String message = innermost.getMessage();
    return oneLine(message == null ? name : name + ": " + message)
        + " (--debug shows where it happened)";
  }

  static boolean causedBy(Throwable throwable, Class<? extends Throwable> type) {
    return causes(throwable).stream().anyMatch(type::isInstance);
  }

  static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** The throwable and its causes, from the outside in. */
  private static List<Throwable> causes(Throwable throwable) {
    ClassLoader classLoader = FailureMessage.class.getClassLoader();
    List<Throwable> causes = new ArrayList<>();
    Throwable next = throwable;
    while (next != null && !causes.contains(next)) {
      // What failed on a cluster comes serialized, since the client might not know its class.
      causes.add(
          next instanceof SerializedThrowable ? SerializedThrowable.get(next, classLoader) : next);
      next = causes.get(causes.size() - 1).getCause();
    }
    return causes;
  }
}
