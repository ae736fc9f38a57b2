package io.nightshift.job.cli;

import io.nightshift.connectors.files.FullDiskException;
import io.nightshift.connectors.files.LocalFileNames;
import io.nightshift.connectors.lease.LeaseLostException;
import io.nightshift.job.hub.ModelMismatchException;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.run.JobFailedException;
import io.nightshift.operators.report.TooManyErrorsException;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.operators.coordination.TaskNotRunningException;
import org.apache.flink.util.SerializedThrowable;
import org.jspecify.annotations.Nullable;

/** Finds what in a failure says what went wrong: a line, or several if there are findings. */
final class FailureMessage {
  private static final String OUR_PACKAGES = "io.nightshift.";

  /** Failures whose message says all that there is to say, so that no cause is added. */
  private static final Set<Class<?>> EXPLAINED =
      Set.of(
          JobFailedException.class,
          TooManyErrorsException.class,
          FullDiskException.class,
          LeaseLostException.class,
          ModelMismatchException.class);

  /** Where Flink itself writes, it does not say which disk it is. */
  private static final String FULL_DISK =
      """
      a disk is full (%s): make room in the folders of Flink's processes (io.tmp.dirs, where the \
      plan is sorted, and execution.checkpointing.dir), or set others, and run the job again, which \
      resumes with the rows that have no answer (--debug shows where it happened)""";

  private static final String TASK_GONE =
      "a task failed while it was being given work, and Flink reports only that; the reason is in the"
          + " log of its TaskManager, and under Exceptions in Flink's web interface";

  private FailureMessage() {}

  /**
   * The outermost message that is ours, which knows best what was being done, and the root cause
   * behind it; if none is ours, the root cause alone. The exceptions around them only say that a
   * task failed and that Flink does not restart it.
   */
  static String of(Throwable throwable) {
    List<Throwable> causes = causes(throwable);
    Throwable root = causes.get(causes.size() - 1);
    Optional<String> library = NativeLibraryFailure.explain(causes);
    if (library.isPresent()) {
      return oneLine(library.get());
    }
    if (FullDiskException.tellsOfFullDisk(root)
        && causes.stream().noneMatch(FullDiskException.class::isInstance)) {
      return oneLine(FULL_DISK.formatted(root.getMessage()));
    }
    if (root instanceof TaskNotRunningException) {
      return TASK_GONE;
    }
    return causes.stream()
        .filter(FailureMessage::isOurs)
        .findFirst()
        .map(ours -> withRoot(ours, root))
        .orElseGet(() -> describe(root) + " (--debug shows where it happened)");
  }

  static boolean causedBy(Throwable throwable, Class<? extends Throwable> type) {
    return causes(throwable).stream().anyMatch(type::isInstance);
  }

  static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /**
   * Whether the message was written by this project: the exception is a class of ours, or one of
   * the JDK's that our code threw with its own message around another. An exception without a cause
   * is treated as a root cause, which is described with its class.
   */
  private static boolean isOurs(Throwable throwable) {
    String message = message(throwable);
    if (message == null || className(throwable).equals(SuppressRestartsException.class.getName())) {
      return false;
    }
    if (className(throwable).startsWith(OUR_PACKAGES)) {
      return true;
    }
    Throwable cause = throwable.getCause();
    StackTraceElement[] frames = throwable.getStackTrace();
    return cause != null
        && !message.equals(message(cause))
        && !message.equals(cause.toString())
        && frames.length > 0
        && frames[0].getClassName().startsWith(OUR_PACKAGES);
  }

  private static String withRoot(Throwable ours, Throwable root) {
    if (ours instanceof InvalidJobException wrongJob) {
      return withFindings(wrongJob);
    }
    String message = oneLine(String.valueOf(message(ours)));
    String cause = message(root);
    boolean complete =
        ours == root
            || EXPLAINED.contains(ours.getClass())
            || (cause != null && message.contains(oneLine(cause)));
    return complete ? message : message + " (" + describe(root) + ")";
  }

  private static String withFindings(InvalidJobException wrongJob) {
    StringBuilder lines = new StringBuilder(oneLine(wrongJob.summary()));
    wrongJob.findings().forEach(finding -> lines.append("\n  ").append(oneLine(finding)));
    return lines.toString();
  }

  private static String describe(Throwable root) {
    String name = className(root).replaceFirst(".*[.$]", "");
    String message = message(root);
    String text = message == null ? name : name + ": " + message;
    return oneLine(
        root instanceof InvalidPathException ? text + ": " + LocalFileNames.REMEDY : text);
  }

  /** The class that a failure had where it happened, which this process may not know. */
  private static String className(Throwable throwable) {
    return throwable instanceof SerializedThrowable unknown
        ? unknown.getOriginalErrorClassName()
        : throwable.getClass().getName();
  }

  /** Without the class, which Flink puts before the message of one that it has serialized. */
  private static @Nullable String message(Throwable throwable) {
    String message = throwable.getMessage();
    return message != null && throwable instanceof SerializedThrowable
        ? message.replaceFirst("^" + Pattern.quote(className(throwable) + ": "), "")
        : message;
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
