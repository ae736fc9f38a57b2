package io.nightshift.connectors.units.source;

/**
 * What one reader has left, and how fast it finishes it, by what it has said in its requests. The
 * unit of cost is that of {@link io.nightshift.connectors.units.WorkUnit#cost}, times are in
 * nanoseconds.
 */
final class ReaderPace {
  /**
   * When it had first finished rows, before which it may have warmed up; later by the time for
   * which it had nothing to do.
   */
  private long start;

  private boolean warm;
  private long reported;
  private long unfinishedRows;
  private long givenRows;
  private long givenCost;
  private double finishedCost;
  private boolean idle;

  /**
   * @param now of its first request
   * @param unfinishedRows that it had then, from an earlier attempt
   */
  ReaderPace(long now, long unfinishedRows) {
    this.reported = now;
    this.unfinishedRows = unfinishedRows;
    this.idle = unfinishedRows == 0;
  }

  /**
   * Records a request.
   *
   * @param unfinished rows that the reader has left
   * @param rowCost mean cost of a row of the plan
   */
  void report(long unfinished, double rowCost, long now) {
    long finished = Math.max(0, unfinishedRows - unfinished);
    if (warm) {
      finishedCost += finished * meanCost(rowCost);
    } else if (finished > 0) {
      warm = true;
      start = now;
    }
    unfinishedRows = unfinished;
    reported = now;
    idle = unfinished == 0;
  }

  /** Records a split that the reader is given. */
  void give(long rows, long cost, long now) {
    if (idle) {
      start += now - reported;
      reported = now;
      idle = false;
    }
    unfinishedRows += rows;
    givenRows += rows;
    givenCost += cost;
  }

  /** Cost per nanosecond; 0 while it is not known. */
  double speed() {
    return warm && reported > start ? finishedCost / (reported - start) : 0;
  }

  /** The cost of what is left, if the reader has gone on at its speed since it last said so. */
  double backlog(double rowCost, long now) {
    return Math.max(0, unfinishedRows * meanCost(rowCost) - speed() * (now - reported));
  }

  private double meanCost(double rowCost) {
    return givenRows == 0 ? rowCost : (double) givenCost / givenRows;
  }
}
