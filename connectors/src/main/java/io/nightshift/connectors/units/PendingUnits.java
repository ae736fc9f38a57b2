package io.nightshift.connectors.units;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What no reader has yet, and which of it a reader gets that asks.
 *
 * <p>A reader goes on with what follows what it got last, so that it keeps the prefix that they
 * share in its cache; one that has nothing to go on with begins in the middle of the longest run of
 * units that nobody has begun. Towards the end a reader gets no more than half of its share of what
 * is left, a share by its speed so far, so that all end together (guided self-scheduling,
 * Polychronopoulos and Kuck, 1987).
 */
final class PendingUnits {
  /** Fewer rows are not worth another look at the file. */
  private static final int LEAST_ROWS = 8;

  private static final Comparator<WorkUnitSplit> PLANNED_ORDER =
      Comparator.comparingInt(WorkUnitSplit::unit).thenComparingLong(split -> split.rows().from());

  private final NavigableSet<WorkUnitSplit> pending = new TreeSet<>(PLANNED_ORDER);
  private final Map<Integer, ReaderPace> readers = new HashMap<>();
  private long pendingCost;

  PendingUnits(Collection<WorkUnitSplit> splits) {
    splits.forEach(this::add);
  }

  private void add(WorkUnitSplit split) {
    pending.add(split);
    pendingCost += split.cost();
  }

  private void remove(WorkUnitSplit split) {
    pending.remove(split);
    pendingCost -= split.cost();
  }

  /** What is pending, in planned order. */
  List<WorkUnitSplit> splits() {
    return List.copyOf(pending);
  }

  /** Takes back what a lost reader had. */
  void giveBack(List<WorkUnitSplit> splits, int reader) {
    readers.remove(reader);
    splits.forEach(this::add);
  }

  /**
   * Something to read for a reader that has begun the last it had; empty if nothing is left.
   *
   * @param readerCount readers that there are
   * @param now nanoseconds
   */
  Optional<WorkUnitSplit> next(int reader, int readerCount, long now) {
    if (pending.isEmpty()) {
      return Optional.empty();
    }
    ReaderPace pace = readers.computeIfAbsent(reader, number -> new ReaderPace(now));
    WorkUnitSplit candidate = pace.last().flatMap(this::successor).orElseGet(this::newStart);
    WorkUnitSplit given = cut(candidate, (long) (share(pace, readerCount, now) * pendingCost));
    pace.give(given);
    return Optional.of(given);
  }

  /** What follows directly behind {@code split}, if nobody has it. */
  private Optional<WorkUnitSplit> successor(WorkUnitSplit split) {
    return Optional.ofNullable(pending.higher(split)).filter(next -> follows(split, next));
  }

  private static boolean follows(WorkUnitSplit split, WorkUnitSplit next) {
    return split.unit() == next.unit()
        ? next.rows().from() == split.rows().to()
        : next.unit() == split.unit() + 1
            && next.rows().from() == 0
            && split.rows().to() == split.description().rows();
  }

  /**
   * The start of the costliest run of pending splits, or its middle where another reader is about
   * to go on with the start.
   */
  private WorkUnitSplit newStart() {
    List<WorkUnitSplit> longest = List.of();
    long longestCost = -1;
    List<WorkUnitSplit> run = new ArrayList<>();
    long cost = 0;
    for (WorkUnitSplit split : pending) {
      if (!run.isEmpty() && !follows(run.get(run.size() - 1), split)) {
        run = new ArrayList<>();
        cost = 0;
      }
      run.add(split);
      cost += split.cost();
      if (cost > longestCost) {
        longest = run;
        longestCost = cost;
      }
    }
    boolean taken = isNextOfAReader(longest.get(0));
    return longest.get(taken ? longest.size() / 2 : 0);
  }

  private boolean isNextOfAReader(WorkUnitSplit split) {
    return readers.values().stream()
        .anyMatch(reader -> reader.last().filter(last -> follows(last, split)).isPresent());
  }

  /** The part of what is pending that the reader may have at once. */
  private double share(ReaderPace pace, int readerCount, long now) {
    double known = 0;
    int unknown = readerCount;
    for (ReaderPace other : readers.values()) {
      double speed = other.speed(now);
      known += speed;
      unknown -= speed > 0 ? 1 : 0;
    }
    int measured = readerCount - unknown;
    double speed = pace.speed(now);
    if (speed == 0) {
      // It may turn out to be a slow one.
      return 0.125 / readerCount;
    }
    return 0.5 * speed / (known + unknown * known / measured);
  }

  /** Takes a candidate, or its beginning where it costs more than {@code mostCost}. */
  private WorkUnitSplit cut(WorkUnitSplit candidate, long mostCost) {
    remove(candidate);
    RowSelection rows = candidate.rows();
    long all = rows.to() - rows.from();
    long wanted = Math.max(LEAST_ROWS, all * mostCost / Math.max(1, candidate.cost()));
    if (wanted >= all) {
      return candidate;
    }
    long middle = rows.from() + wanted;
    add(new WorkUnitSplit(candidate.unit(), candidate.description(), rows.startingAt(middle)));
    return new WorkUnitSplit(candidate.unit(), candidate.description(), rows.endingAt(middle));
  }
}
