package io.nightshift.connectors.units;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Cuts rows in planned order into work units of about equal cost, preferably between rows that
 * share little. From three quarters of the target cost on, a unit ends before the first row that
 * shares no more with its neighbor than any two neighbors in the unit do; at five quarters it
 * always ends.
 *
 * @param <R> the rows
 */
public final class WorkUnitCutter<R> implements AutoCloseable {
  private final Path folder;
  private final WorkUnitFormat<R> format;
  private final long unitCost;
  private final int rowCost;
  private final String namePrefix;
  private final BufferAllocator allocator;
  private @Nullable WorkUnitWriter<R> writer;
  private int[] previous = {};
  private int leastShared;
  private int unitsBegun;

  /**
   * @param folder of the plan
   * @param unitCost target cost of a unit: elements of keys, with shared prefixes counted once, and
   *     the cost of its rows
   * @param rowCost cost of a row besides its key, at least 1, so that units of rows whose keys are
   *     all shared or all empty end too
   * @param range number of the rows' range of the plan, in planned order
   */
  public WorkUnitCutter(
      Path folder,
      WorkUnitFormat<R> format,
      long unitCost,
      int rowCost,
      int range,
      BufferAllocator allocator) {
    this.folder = folder;
    this.format = format;
    this.unitCost = unitCost;
    this.rowCost = rowCost;
    // Failed attempts of a task leave files with other names behind.
    this.namePrefix = String.format(Locale.ROOT, "%s%05d-", WorkUnitWriter.PREFIX, range);
    this.allocator = allocator;
  }

  /**
   * Adds the next row.
   *
   * @return the unit that ended before this row, if any
   */
  public Optional<WorkUnit> add(R row) throws IOException {
    int[] key = format.key(row);
    int shared = WorkUnitWriter.commonPrefix(previous, key);
    Optional<WorkUnit> ended = endsBefore(shared) ? finish() : Optional.empty();
    if (writer == null) {
      writer =
          new WorkUnitWriter<>(
              folder,
              String.format(
                  Locale.ROOT, "%s%06d-%s.arrow", namePrefix, unitsBegun++, UUID.randomUUID()),
              format,
              shared,
              allocator);
      leastShared = Integer.MAX_VALUE;
    } else {
      leastShared = Math.min(leastShared, shared);
    }
    writer.add(row);
    previous = key;
    return ended;
  }

  private boolean endsBefore(int shared) {
    if (writer == null) {
      return false;
    }
    long cost = writer.storedElements() + (long) writer.rows() * rowCost;
    return cost * 4 >= unitCost * 5 || (cost * 4 >= unitCost * 3 && shared <= leastShared);
  }

  /** Whether a file of a plan's folder is, or was to become, a work unit. */
  public static boolean isUnit(String file) {
    return file.startsWith(WorkUnitWriter.PREFIX) || file.startsWith("." + WorkUnitWriter.PREFIX);
  }

  /** Finishes the current unit, if there is one. */
  public Optional<WorkUnit> finish() throws IOException {
    if (writer == null) {
      return Optional.empty();
    }
    try (WorkUnitWriter<R> last = writer) {
      writer = null;
      return Optional.of(last.finish());
    }
  }

  /** Discards the current unit. */
  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
  }
}
