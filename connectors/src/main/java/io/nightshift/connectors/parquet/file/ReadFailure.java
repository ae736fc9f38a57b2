package io.nightshift.connectors.parquet.file;

import java.util.Locale;
import org.apache.arrow.memory.OutOfMemoryException;

/** Explains failures to read a file, and gives remedies. */
public final class ReadFailure {
  private static final long GIBIBYTE = 1L << 30;

  private ReadFailure() {}

  /** The messages of a failure and its innermost cause, and a remedy. */
  public static String explain(Throwable failure) {
    if (failure instanceof OutOfMemoryError) {
      return String.format(
          Locale.ROOT,
          "the heap of %,d bytes cannot hold it. %s, unless the sizes in the file are wrong",
          Runtime.getRuntime().maxMemory(),
          moreHeap(2 * Runtime.getRuntime().maxMemory()));
    }
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof HeapTooSmallException || cause instanceof OutOfMemoryException) {
      return String.valueOf(cause.getMessage());
    }
    String words = words(failure);
    return (cause == failure ? words : words + " (" + words(cause) + ")")
        + ". If the file is damaged, write it again or take it out of the input";
  }

  /** How to get a heap of about this many bytes. */
  static String moreHeap(long bytes) {
    return ("Set NIGHTSHIFT_HEAP=%sg (on a cluster, raise taskmanager.memory.task.heap.size), or"
            + " write the file with smaller row groups and pages")
        .formatted((bytes + GIBIBYTE - 1) / GIBIBYTE);
  }

  private static String words(Throwable failure) {
    String message = failure.getMessage();
    return message == null || failure instanceof NullPointerException
        ? failure.getClass().getSimpleName()
        : message;
  }
}
