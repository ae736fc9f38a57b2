package io.nightshift.job.report;

/**
 * A run over time: figures of all engines together, in intervals. All arrays have an element for
 * each interval.
 *
 * @param seconds end of the interval, in seconds since the run began answering
 * @param rowsPerSecond rows finished
 * @param promptTokensPerSecond prompt tokens of requests that were admitted, cached ones included
 * @param outputTokensPerSecond tokens generated
 * @param cacheHitRate fraction of these prompt tokens that came from the prefix cache; NaN (null in
 *     JSON) if none were admitted
 * @param stepMillis mean time of an engine's step, in milliseconds; NaN (null in JSON) without a
 *     step
 * @param runningRequests mean number of requests that run, all engines together
 * @param waitingRequests mean number of requests that wait in the engines, all together
 */
@SuppressWarnings("ArrayRecordComponent") // a value that is only written
public record Timeline(
    double[] seconds,
    double[] rowsPerSecond,
    double[] promptTokensPerSecond,
    double[] outputTokensPerSecond,
    double[] cacheHitRate,
    double[] stepMillis,
    double[] runningRequests,
    double[] waitingRequests) {

  private static final double[] NONE = new double[0];

  /** Nothing was recorded. */
  public static final Timeline EMPTY = new Timeline(NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE);
}
