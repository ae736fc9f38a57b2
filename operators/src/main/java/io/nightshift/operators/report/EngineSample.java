package io.nightshift.operators.report;

import java.io.Serializable;

/**
 * What an engine did in an interval, which begins where the one before it ended.
 *
 * @param endMillis end of the interval, in milliseconds since the epoch
 * @param rows emitted, those with errors included
 * @param promptTokens prompt tokens of requests that were admitted, computed or found in the prefix
 *     cache
 * @param cachedTokens those of them that were found in the prefix cache
 * @param outputTokens generated
 * @param steps of the engine
 * @param stepNanos time of these steps, in nanoseconds
 * @param runningRequests sum over the steps of the requests that each had, those that it finished
 *     included
 * @param waitingRequests sum over the steps of the requests that were waiting after each
 * @param preemptions sequences that gave up their blocks
 * @param idleMillis time for which the engine waited for rows, in milliseconds
 */
public record EngineSample(
    long endMillis,
    long rows,
    long promptTokens,
    long cachedTokens,
    long outputTokens,
    long steps,
    long stepNanos,
    long runningRequests,
    long waitingRequests,
    long preemptions,
    long idleMillis)
    implements Serializable {

  /** Nothing, up to the beginning of the epoch. */
  public static final EngineSample NONE = new EngineSample(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Both intervals as one, which ends with the later one. */
  public EngineSample plus(EngineSample later) {
    return new EngineSample(
        Math.max(endMillis, later.endMillis),
        rows + later.rows,
        promptTokens + later.promptTokens,
        cachedTokens + later.cachedTokens,
        outputTokens + later.outputTokens,
        steps + later.steps,
        stepNanos + later.stepNanos,
        runningRequests + later.runningRequests,
        waitingRequests + later.waitingRequests,
        preemptions + later.preemptions,
        idleMillis + later.idleMillis);
  }
}
