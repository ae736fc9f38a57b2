package io.nightshift.operators.report;

import io.nightshift.operators.report.RowErrors.OfCode;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many rows may come out with an error, and those that are known to.
 *
 * @param maxFraction share of the rows that may, from 0 to 1
 * @param maxRows number of rows that may
 * @param rows of the whole job
 * @param known rows that have an error already, by code
 */
public record ErrorBound(double maxFraction, long maxRows, long rows, TreeMap<String, OfCode> known)
    implements Serializable {

  /** The bound for a job of which no error is known. */
  public static ErrorBound of(double maxFraction, long maxRows, long rows) {
    return new ErrorBound(maxFraction, maxRows, rows, new TreeMap<>());
  }

  /** The same bound, with more errors known. */
  public ErrorBound knowing(Map<String, OfCode> more) {
    return new ErrorBound(maxFraction, maxRows, rows, RowErrors.sum(known, more));
  }

  /** Rows that are known to have an error. */
  public long knownRows() {
    return known.values().stream().mapToLong(OfCode::rows).sum();
  }

  /**
   * Checks that the known errors are no more than there may be.
   *
   * @throws TooManyErrorsException if they are, naming the most frequent code first
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
