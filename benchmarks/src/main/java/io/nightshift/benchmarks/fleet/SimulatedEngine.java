package io.nightshift.benchmarks.fleet;

import io.nightshift.connectors.units.RowSelection;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.source.WorkUnitSplit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.LongConsumer;

/**
 * An inference task: a reader with its splits, and an engine that takes rows from it as long as it
 * has fewer than twice as many as it runs at a time. Rows are numbered across the plan.
 */
final class SimulatedEngine {
  private static final int LOOK_AHEAD_ROWS = 2 * StepModel.RUNNING_ROWS;

  /** A row that is being answered, until so many steps of the engine. */
  private record Running(double lastStep, long row) {}

  /** Rows from one to another, exclusive. */
  record Rows(long from, long to) {}

  private final double speed;
  private final List<WorkUnit> plan;
  private final PriorityQueue<Running> running =
      new PriorityQueue<>(Comparator.comparingDouble(Running::lastStep));
  private final Deque<Rows> waiting = new ArrayDeque<>();
  private final Deque<WorkUnitSplit> splits = new ArrayDeque<>();
  private long waitingRows;
  private double steps;
  private double prefillSeconds;
  private double now;
  private double upSeconds;
  private double idleSeconds;
  private double tokens;

  /** Rows that were unfinished when it last asked for more; -1 if it has an answer. */
  private long asked = -1;

  private List<Rows> checkpoint = List.of();
  private final List<WorkUnitSplit> assignedSince = new ArrayList<>();
  private final List<Long> finishedSince = new ArrayList<>();

  /** When it is lost; of an engine that is being replaced, when it is back. */
  double changesAt = Double.POSITIVE_INFINITY;

  boolean isUp = true;
  boolean hasNoMoreSplits;

  /** Counts the events that were planned for it, all but the last of which are void. */
  int plannedEvents;

  /**
   * @param speed factor
   * @param plan work units of the same size
   */
  SimulatedEngine(double speed, List<WorkUnit> plan) {
    this.speed = speed;
    this.plan = plan;
  }

  double speed() {
    return speed;
  }

  /** Seconds for which it was up and had nothing to do. */
  double idleSeconds() {
    return idleSeconds;
  }

  /** Output tokens computed so far. */
  double tokens() {
    return tokens;
  }

  /** Seconds for which it was up. */
  double upSeconds() {
    return upSeconds;
  }

  long unfinishedRows() {
    return running.size()
        + waitingRows
        + splits.stream().mapToLong(split -> split.rows().count()).sum();
  }

  /** When its next row is done. */
  double nextFinish() {
    Running first = running.peek();
    return first == null
        ? Double.POSITIVE_INFINITY
        : now + prefillSeconds + (first.lastStep() - steps) * stepSeconds();
  }

  private double stepSeconds() {
    return StepModel.decodeSeconds(running.size()) / speed;
  }

  /** Computes until a time. */
  void advance(double time) {
    double seconds = time - now;
    now = time;
    upSeconds += isUp ? seconds : 0;
    if (running.isEmpty()) {
      idleSeconds += isUp ? seconds : 0;
      return;
    }
    double prefill = Math.min(prefillSeconds, seconds);
    prefillSeconds -= prefill;
    double done = (seconds - prefill) / stepSeconds();
    steps += done;
    tokens += done * running.size();
  }

  /** Takes the row that is done now. */
  long finish() {
    Running first = running.remove();
    steps = first.lastStep();
    finishedSince.add(first.row());
    return first.row();
  }

  void addSplit(WorkUnitSplit split) {
    splits.add(split);
    assignedSince.add(split);
    asked = -1;
  }

  void noMoreSplits() {
    hasNoMoreSplits = true;
    asked = -1;
  }

  /**
   * Takes rows from the reader, as long as there are some and it has room for them.
   *
   * @return whether the reader asks for more, as it begins its last split or has done half of what
   *     it had when it last asked
   */
  boolean takeRows() {
    boolean begunLast = false;
    while (running.size() + waitingRows < LOOK_AHEAD_ROWS && !splits.isEmpty()) {
      WorkUnitSplit split = splits.remove();
      add(rows(split));
      begunLast = splits.isEmpty() && !hasNoMoreSplits;
    }
    start();
    long unfinished = unfinishedRows();
    boolean asksAgain = asked > unfinished && unfinished <= asked / 2;
    if (begunLast || asksAgain) {
      asked = unfinished;
      return true;
    }
    return false;
  }

  /** Asks for its first rows. */
  void ask() {
    asked = unfinishedRows();
  }

  private void add(Rows rows) {
    waiting.add(rows);
    waitingRows += rows.to() - rows.from();
  }

  private void start() {
    while (running.size() < StepModel.RUNNING_ROWS && !waiting.isEmpty()) {
      Rows rows = waiting.remove();
      running.add(new Running(steps + StepModel.outputTokens(rows.from()), rows.from()));
      prefillSeconds += StepModel.prefillSeconds() / speed;
      waitingRows--;
      if (rows.from() + 1 < rows.to()) {
        waiting.addFirst(new Rows(rows.from() + 1, rows.to()));
      }
    }
  }

  private Rows rows(WorkUnitSplit split) {
    long first = (long) split.unit() * plan.get(0).rows();
    return new Rows(first + split.rows().from(), first + split.rows().to());
  }

  private WorkUnitSplit split(Rows rows) {
    int unitRows = plan.get(0).rows();
    int unit = (int) (rows.from() / unitRows);
    long first = (long) unit * unitRows;
    RowSelection selection = new RowSelection(rows.from() - first, rows.to() - first, new BitSet());
    return new WorkUnitSplit(unit, plan.get(unit), selection);
  }

  /** Stores what is unfinished; what is done is safe from now on. */
  void checkpoint() {
    checkpoint = unfinished();
    assignedSince.clear();
    finishedSince.clear();
  }

  private List<Rows> unfinished() {
    List<Rows> rows = new ArrayList<>();
    running.forEach(each -> rows.add(new Rows(each.row(), each.row() + 1)));
    rows.addAll(waiting);
    splits.forEach(split -> rows.add(rows(split)));
    return rows;
  }

  /**
   * Loses the engine. Its task goes back to the checkpoint; the splits since are the enumerator's
   * again.
   *
   * @param undone called with each row that was done since
   * @return the splits
   */
  List<WorkUnitSplit> lose(LongConsumer undone) {
    finishedSince.forEach(undone::accept);
    clear();
    checkpoint.forEach(this::add);
    List<WorkUnitSplit> back = List.copyOf(assignedSince);
    assignedSince.clear();
    isUp = false;
    return back;
  }

  /** Ends in time, and gives what is unfinished back. */
  List<WorkUnitSplit> leave() {
    List<WorkUnitSplit> back = unfinished().stream().map(this::split).toList();
    clear();
    checkpoint = List.of();
    assignedSince.clear();
    isUp = false;
    return back;
  }

  private void clear() {
    running.clear();
    waiting.clear();
    splits.clear();
    finishedSince.clear();
    waitingRows = 0;
    prefillSeconds = 0;
    asked = -1;
    hasNoMoreSplits = false;
  }

  /** Its task runs again, on another machine. */
  void replace() {
    isUp = true;
  }
}
