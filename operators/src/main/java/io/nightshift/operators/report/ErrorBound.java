package io.nightshift.operators.report;

import io.nightshift.operators.report.RowErrors.OfCode;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * The maximum number of rows with an error, and the errors known so far.
 *
 * @param maxFraction maximum fraction of rows with an error, from 0 to 1
 * @param maxRows maximum number of rows with an error
 * @param rows number of rows of the whole job
 * @param known known rows with an error, by code
 */
public record ErrorBound(double maxFraction, long maxRows, long rows, TreeMap<String, OfCode> known)
    implements Serializable {

  /** The bound for a job without known errors. */
  public static ErrorBound of(double maxFraction, long maxRows, long rows) {
    return new ErrorBound(maxFraction, maxRows, rows, new TreeMap<>());
  }

  /** The same bound, with more errors known. */
  public ErrorBound withKnownErrors(Map<String, OfCode> more) {
    return new ErrorBound(maxFraction, maxRows, rows, RowErrors.sum(known, more));
  }

  /** Number of rows that are known to have an error. */
  public long knownRows() {
    return known.values().stream().mapToLong(OfCode::rows).sum();
  }

  /**
   * Checks that the known errors do not exceed the maximum.
   *
   * @throws TooManyErrorsException if they do, naming the most frequent code first
   */
  public void check() throws TooManyErrorsException {
    long failed = knownRows();
    if (failed <= maxFraction * rows && failed <= maxRows) {
      return;
    }
    StringBuilder message = new StringBuilder();
    message.append(failed).append(" of ").append(rows);
    message.append(" rows have errors, more than errors.max-fraction or errors.max-rows allow:");
    known.entrySet().stream()
        .sorted((one, other) -> Long.compare(other.getValue().rows(), one.getValue().rows()))
        .forEach(
            code -> {
              message.append(' ').append(code.getValue().rows()).append(' ').append(code.getKey());
              message.append(" (").append(String.join("; ", code.getValue().examples()));
              message.append(')');
            });
    throw new TooManyErrorsException(message.toString());
  }
}
