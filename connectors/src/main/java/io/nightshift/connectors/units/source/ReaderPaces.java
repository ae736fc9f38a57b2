package io.nightshift.connectors.units.source;

import java.util.HashMap;
import java.util.Map;

/**
 * Decides how much a reader gets, by the speeds at which all have finished rows so far.
 *
 * <p>If every engine went on at its speed, all rows could be done at the same time, the <i>ideal
 * end</i>. A reader gets half of what it can do until then besides what it has (guided
 * self-scheduling, Polychronopoulos and Kuck, 1987), so that all end together. What it would finish
 * after the ideal end it does not get, unless no other would finish it earlier: an engine that
 * would hold up the end of the job gets nothing there.
 *
 * <p>A reader whose speed is not known may turn out to be slow. It gets a small part of an equal
 * share of the pending rows until it has finished some of them, and counts as one of mean speed.
 * Then it gets no more at once than it has finished, since a speed is known as well as that.
 */
final class ReaderPaces {
  private static final double HALF = 0.5;

  /** One that is slower by more than this factor holds the job up with what it gets unmeasured. */
  private static final double SLOWEST = 64;

  private final double rowCost;
  private final Map<Integer, ReaderPace> paces = new HashMap<>();

  /**
   * @param rowCost mean cost of a row of the plan
   */
  ReaderPaces(double rowCost) {
    this.rowCost = rowCost;
  }

  /** Records the request of a reader. */
  void report(int reader, long unfinishedRows, long now) {
    ReaderPace pace = paces.computeIfAbsent(reader, number -> new ReaderPace(now, unfinishedRows));
    pace.report(unfinishedRows, rowCost, now);
  }

  /** Records a split that a reader is given. */
  void give(int reader, long rows, long cost, long now) {
    pace(reader).give(rows, cost, now);
  }

  /** Forgets a reader, which is lost or has ended. */
  void remove(int reader) {
    paces.remove(reader);
  }

  private ReaderPace pace(int reader) {
    ReaderPace pace = paces.get(reader);
    if (pace == null) {
      throw new IllegalStateException("reader " + reader + " has not asked for rows");
    }
    return pace;
  }

  /**
   * When work can be done.
   *
   * @param idealEnd nanoseconds until all rows could be done
   * @param firstEnd nanoseconds until some reader can have finished one more split of the least
   *     cost; infinite while no speed is known
   */
  record Outlook(double idealEnd, double firstEnd) {}

  /**
   * @param pendingCost of the rows that no reader has
   * @param leastCost below which a split is not worth its while
   * @param readerCount number of readers
   */
  Outlook outlook(double pendingCost, double leastCost, int readerCount, long now) {
    double speed = 0;
    double cost = pendingCost;
    double firstEnd = Double.POSITIVE_INFINITY;
    int measured = 0;
    for (ReaderPace pace : paces.values()) {
      double backlog = pace.backlog(rowCost, now);
      cost += backlog;
      double own = pace.speed(rowCost, now);
      if (own > 0) {
        measured++;
        speed += own;
        firstEnd = Math.min(firstEnd, (backlog + leastCost) / own);
      }
    }
    int unknown = Math.max(0, readerCount - measured);
    return new Outlook(cost / (speed + unknown * speed / Math.max(1, measured)), firstEnd);
  }

  /**
   * The cost that a reader may get at once; 0 if it should get nothing for now.
   *
   * @param outlook with the same pending rows, readers and time
   */
  double share(
      int reader,
      Outlook outlook,
      double pendingCost,
      double leastCost,
      int readerCount,
      long now) {
    ReaderPace own = pace(reader);
    double backlog = own.backlog(rowCost, now);
    double speed = own.speed(rowCost, now);
    if (speed == 0) {
      double room = readerCount == 1 ? pendingCost : pendingCost / readerCount / SLOWEST - backlog;
      return backlog == 0 || room >= leastCost ? Math.max(1, room) : 0;
    }
    double room = speed * outlook.idealEnd() - backlog;
    boolean first = (backlog + leastCost) / speed <= outlook.firstEnd();
    double most = Math.min(HALF * room, own.finished());
    return first || room >= leastCost ? Math.max(leastCost, most) : 0;
  }
}
