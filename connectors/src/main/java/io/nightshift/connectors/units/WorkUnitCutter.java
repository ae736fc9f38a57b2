package io.nightshift.connectors.units;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Cuts rows in planned order into work units of about equal cost, where little is shared: from
 * three quarters of the wanted cost on, a unit ends before the first row that shares no more with
 * its neighbour than any two neighbours in the unit do; at five quarters it ends in any case.
 */
public final class WorkUnitCutter implements AutoCloseable {
  private final Path folder;
  private final Schema kept;
  private final long unitTokens;
  private final int tokensOfAnswer;
  private final String namePrefix;
  private final BufferAllocator allocator;
  private @Nullable WorkUnitWriter writer;
  private int[] previous = {};
  private int leastShared;
  private int unitsBegun;

  /**
   * @param folder of the plan
   * @param kept schema of the kept input columns
   * @param unitTokens wanted cost of a unit: prompt tokens to compute, shared prefixes counted
   *     once, and the tokens of answers
   * @param tokensOfAnswer what a row costs besides its prompt, at least 1, so that units of rows
   *     that are all shared or all errors end too
   * @param range number of the range of the plan that the rows are, in planned order
   */
  public WorkUnitCutter(
      Path folder,
      Schema kept,
      long unitTokens,
      int tokensOfAnswer,
      int range,
      BufferAllocator allocator) {
    this.folder = folder;
    this.kept = kept;
    this.unitTokens = unitTokens;
    this.tokensOfAnswer = tokensOfAnswer;
    // Attempts of a task that failed leave files of other names behind.
    this.namePrefix = String.format(Locale.ROOT, "%s%05d-", WorkUnitWriter.PREFIX, range);
    this.allocator = allocator;
  }

  /**
   * Adds the next row.
   *
   * @return the unit that ended before this row, if one did
   */
  public Optional<WorkUnit> add(PlannedRow row) throws IOException {
    int shared = WorkUnitWriter.commonPrefix(previous, row.tokens());
    Optional<WorkUnit> ended = endsBefore(shared) ? finish() : Optional.empty();
    if (writer == null) {
      writer =
          new WorkUnitWriter(
              folder,
              String.format(
                  Locale.ROOT, "%s%06d-%s.arrow", namePrefix, unitsBegun++, UUID.randomUUID()),
              kept,
              shared,
              allocator);
      leastShared = Integer.MAX_VALUE;
    } else {
      leastShared = Math.min(leastShared, shared);
    }
    writer.add(row);
    previous = row.tokens();
    return ended;
  }

  private boolean endsBefore(int shared) {
    if (writer == null) {
      return false;
    }
    long cost = writer.computedTokens() + (long) writer.rows() * tokensOfAnswer;
    return cost * 4 >= unitTokens * 5 || (cost * 4 >= unitTokens * 3 && shared <= leastShared);
  }

  /** Ends the unit that is being written, if there is one. */
  public Optional<WorkUnit> finish() throws IOException {
    if (writer == null) {
      return Optional.empty();
    }
    try (WorkUnitWriter last = writer) {
      writer = null;
      return Optional.of(last.finish());
    }
  }

  /** Gives up the unit that is being written. */
  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
  }
}
