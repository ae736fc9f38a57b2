package io.nightshift.connectors.units.source;

import io.nightshift.connectors.units.RowSelection;
import io.nightshift.connectors.units.source.UnassignedRows.Range;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The rows that no reader has yet.
 *
 * <p>A reader continues with the rows that follow its last ones, so that their shared prefix stays
 * in its cache. If others have these, it starts in the middle of the costliest run of units that
 * nobody has started.
 *
 * <p>Pending rows are kept as runs, about one per reader, however many units there are.
 */
final class PendingUnits {
  private final PlanRows plan;

  /** Ends of the runs of pending rows, by their beginnings; no two runs touch. */
  private final NavigableMap<Long, Long> runs = new TreeMap<>();

  private final Map<Integer, BitSet> done;

  /** The last split of each reader. */
  private final Map<Integer, WorkUnitSplit> last = new HashMap<>();

  private long pendingCost;

  PendingUnits(PlanRows plan, UnassignedRows rows) {
    this.plan = plan;
    this.done = new HashMap<>(rows.done());
    rows.ranges().forEach(range -> add(range.from(), range.to()));
  }

  private void add(long from, long to) {
    Map.Entry<Long, Long> before = runs.lowerEntry(from);
    long begin = before != null && before.getValue() == from ? before.getKey() : from;
    Long after = runs.remove(to);
    runs.put(begin, after == null ? to : after);
    pendingCost += plan.cost(from, to);
  }

  private void remove(long from, long to) {
    Map.Entry<Long, Long> run = runs.floorEntry(from);
    runs.remove(run.getKey());
    if (run.getKey() < from) {
      runs.put(run.getKey(), from);
    }
    if (to < run.getValue()) {
      runs.put(to, run.getValue());
    }
    pendingCost -= plan.cost(from, to);
  }

  boolean isEmpty() {
    return runs.isEmpty();
  }

  /** The approximate cost of the pending rows. */
  long cost() {
    return pendingCost;
  }

  /** The pending rows. */
  UnassignedRows rows() {
    List<Range> ranges = new ArrayList<>();
    runs.forEach((from, to) -> ranges.add(new Range(from, to)));
    return new UnassignedRows(ranges, done);
  }

  /** Takes back the rows of a lost reader. */
  void giveBack(List<WorkUnitSplit> splits, int reader) {
    last.remove(reader);
    for (WorkUnitSplit split : splits) {
      if (split.rows().count() > 0) {
        if (!split.rows().done().isEmpty()) {
          done.put(split.unit(), split.rows().done());
        }
        add(end(split) - (split.rows().to() - split.rows().from()), end(split));
      }
    }
  }

  /** The number, in the plan, of the row after a split. */
  private long end(WorkUnitSplit split) {
    return plan.firstRow(split.unit()) + split.rows().to();
  }

  /**
   * The next split for a reader; empty if no rows are left.
   *
   * @param mostCost maximum cost, which a single row may exceed
   */
  Optional<WorkUnitSplit> next(int reader, double mostCost) {
    while (!runs.isEmpty()) {
      long start =
          Optional.ofNullable(last.get(reader))
              .map(this::successor)
              .orElse(OptionalLong.empty())
              .orElseGet(this::newStart);
      WorkUnitSplit given = take(start, mostCost);
      if (given.rows().count() > 0) {
        last.put(reader, given);
        return Optional.of(given);
      }
    }
    return Optional.empty();
  }

  /** The row directly after {@code split}, if nobody has it. */
  private OptionalLong successor(WorkUnitSplit split) {
    long next = end(split);
    Map.Entry<Long, Long> run = runs.floorEntry(next);
    return run != null && next < run.getValue() ? OptionalLong.of(next) : OptionalLong.empty();
  }

  /**
   * The start of the costliest run, or its middle if another reader is about to continue with the
   * start.
   */
  private long newStart() {
    long from = 0;
    long to = 0;
    long mostCost = -1;
    for (Map.Entry<Long, Long> run : runs.entrySet()) {
      long cost = plan.cost(run.getKey(), run.getValue());
      if (cost > mostCost) {
        from = run.getKey();
        to = run.getValue();
        mostCost = cost;
      }
    }
    int middleUnit = (plan.unitOf(from) + plan.unitOf(to - 1) + 1) / 2;
    return isNextOfAReader(from) ? Math.max(from, plan.firstRow(middleUnit)) : from;
  }

  private boolean isNextOfAReader(long row) {
    return last.values().stream().anyMatch(split -> end(split) == row);
  }

  /** Takes the rest of a unit from a row on, or only its beginning if it costs too much. */
  private WorkUnitSplit take(long start, double mostCost) {
    int unit = plan.unitOf(start);
    long first = plan.firstRow(unit);
    long end = Math.min(runs.floorEntry(start).getValue(), plan.firstRow(unit + 1));
    long cost = Math.max(1, plan.cost(start, end));
    long wanted = Math.max(1, (long) ((end - start) * mostCost / cost));
    end = start + Math.min(end - start, wanted);
    remove(start, end);
    BitSet doneRows = done.getOrDefault(unit, new BitSet());
    return new WorkUnitSplit(
        unit, plan.unit(unit), new RowSelection(start - first, end - first, doneRows));
  }
}
