package io.nightshift.connectors.units.source;

import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.source.ReaderPaces.Outlook;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Assigns rows to the readers that have asked for some: which rows is for {@link PendingUnits} to
 * say, and how many for {@link ReaderPaces}. A reader that gets nothing waits, until it asks again,
 * rows come back from a lost reader, or another reader turns out to be slower.
 *
 * <p>It is used by one thread, and is told the time, in nanoseconds: {@link WorkUnitEnumerator}
 * asks it in a job, and a simulation in its own time.
 */
public final class WorkUnitAssigner {
  /** Fewer rows are not worth opening a file again. */
  private static final int LEAST_ROWS = 8;

  private static final int NO_READER = -1;

  private final PlanRows plan;
  private final PendingUnits pending;
  private final ReaderPaces paces;
  private final TreeSet<Integer> waiting = new TreeSet<>();

  /**
   * @param units in planned order
   * @param rowCost cost of a row besides its key, see {@link WorkUnit#cost}
   * @param rows that no reader has
   */
  public WorkUnitAssigner(List<WorkUnit> units, long rowCost, UnassignedRows rows) {
    plan = new PlanRows(units, rowCost);
    pending = new PendingUnits(plan, rows);
    paces = new ReaderPaces(plan.meanCost());
  }

  /**
   * A reader asks for rows.
   *
   * @param unfinishedRows rows that it has left
   */
  public void request(int reader, long unfinishedRows, long now) {
    paces.report(reader, unfinishedRows, now);
    waiting.add(reader);
  }

  /** A reader is lost, or starts anew: it asks for nothing, and its rows are pending again. */
  public void lose(int reader, List<WorkUnitSplit> splits) {
    waiting.remove(reader);
    paces.remove(reader);
    pending.giveBack(splits, reader);
  }

  /**
   * Gives rows to readers that wait.
   *
   * @param readerCount number of readers
   * @return the splits, by reader
   */
  public Map<Integer, WorkUnitSplit> assign(int readerCount, long now) {
    Map<Integer, WorkUnitSplit> assigned = new LinkedHashMap<>();
    double leastCost = LEAST_ROWS * plan.meanCost();
    Outlook outlook = paces.outlook(pending.cost(), leastCost, readerCount, now);
    for (int reader : new ArrayList<>(waiting)) {
      double share = paces.share(reader, outlook, pending.cost(), leastCost, readerCount, now);
      Optional<WorkUnitSplit> split = share > 0 ? pending.next(reader, share) : Optional.empty();
      if (split.isPresent()) {
        WorkUnitSplit given = split.get();
        paces.give(reader, given.rows().count(), plan.cost(given), now);
        waiting.remove(reader);
        assigned.put(reader, given);
        outlook = paces.outlook(pending.cost(), leastCost, readerCount, now);
      }
    }
    return assigned;
  }

  /** Rows of a reader that has ended are pending again. */
  void giveBack(List<WorkUnitSplit> splits) {
    pending.giveBack(splits, NO_READER);
  }

  /** A reader ends before its rows are done. */
  void leave(int reader) {
    lose(reader, List.of());
  }

  /** The rows of a plan as splits. */
  List<WorkUnitSplit> splits(Map<String, BitSet> rowsByUnit) {
    return plan.splits(rowsByUnit);
  }

  /** The rows that no reader has, and others that will be pending again. */
  UnassignedRows unassignedWith(List<WorkUnitSplit> others) {
    PendingUnits all = new PendingUnits(plan, pending.rows());
    all.giveBack(others, NO_READER);
    return all.rows();
  }

  /** Readers that wait although no rows are pending: there are none for them any more. */
  public List<Integer> takeFinished() {
    if (!pending.isEmpty()) {
      return List.of();
    }
    List<Integer> finished = List.copyOf(waiting);
    waiting.clear();
    finished.forEach(paces::remove);
    return finished;
  }

  /** The rows that no reader has. */
  UnassignedRows unassigned() {
    return pending.rows();
  }
}
