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

  /** How long it took to finish the first rows. */
  private long warmUp;

  private long reported;
  private long unfinishedRows;
  private long givenRows;
  private long givenCost;
  private double warmUpCost;
  private double finishedCost;
  private boolean idle;

  /**
   * @param now of its first request
   * @param unfinishedRows that it had then, from an earlier attempt
   */
  ReaderPace(long now, long unfinishedRows) {
    this.start = now;
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
      warmUp = now - start;
      warmUpCost = finished * meanCost(rowCost);
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

  /** The cost of all that it has finished. */
  double finished() {
    return warmUpCost + finishedCost;
  }

  /**
   * Cost per nanosecond; 0 while it is not known, which takes as long again as the first rows took.
   * A reader that has not asked again cannot have finished more than it had.
   */
  double speed(double rowCost, long now) {
    if (!warm || reported - start < Math.max(1, warmUp)) {
      return 0;
    }
    double measured = finishedCost / (reported - start);
    double most = (finishedCost + unfinishedRows * meanCost(rowCost)) / (now - start);
    return idle ? measured : Math.min(measured, most);
  }

  /** The cost of what is left, if the reader has gone on at its speed since it last said so. */
  double backlog(double rowCost, long now) {
    return Math.max(0, unfinishedRows * meanCost(rowCost) - speed(rowCost, now) * (now - reported));
  }

  private double meanCost(double rowCost) {
    return givenRows == 0 ? rowCost : (double) givenCost / givenRows;
  }
}
