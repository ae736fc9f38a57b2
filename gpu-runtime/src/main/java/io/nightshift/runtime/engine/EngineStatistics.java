package io.nightshift.runtime.engine;

import io.nightshift.runtime.kvcache.HostCounts;

/**
 * Snapshot of the statistics of an engine since it was created. Once all requests have finished,
 * {@code promptTokens + cachedTokens} is the total length of the prompts of those that were
 * computed. An answer that a constraint leaves without alternative is not.
 *
 * @param waitingRequests number of requests that currently have no KV cache blocks
 * @param runningRequests number of requests that have KV cache blocks
 * @param finishedRequests number of returned completions, errors included
 * @param failedRequests number of completions with an error
 * @param steps number of forward passes
 * @param promptTokens number of computed prompt tokens, each counted once
 * @param cachedTokens number of prompt tokens that were found in the prefix cache
 * @param outputTokens number of generated tokens
 * @param forcedTokens number of generated tokens that constraints left without alternative and that
 *     were not sampled
 * @param treeTokens number of computed nodes of choice trees
 * @param recomputedTokens number of tokens computed again, after a preemption or without the prefix
 *     cache
 * @param preemptions number of preemptions: a request lost its blocks and was recomputed
 * @param usedBlocks number of KV cache blocks that running requests hold
 * @param cachedBlocks number of blocks of the prefix tree, including those of running requests
 * @param totalBlocks total number of KV cache blocks
 * @param maskSeconds time in which the host found which tokens constraints allow next. On a device
 *     of its own, steps wait for less: {@link
 *     io.nightshift.runtime.runner.DeviceTime#maskWaitSeconds}
 * @param host counts of the blocks in host memory
 */
public record EngineStatistics(
    int waitingRequests,
    int runningRequests,
    long finishedRequests,
    long failedRequests,
    long steps,
    long promptTokens,
    long cachedTokens,
    long outputTokens,
    long forcedTokens,
    long treeTokens,
    long recomputedTokens,
    long preemptions,
    int usedBlocks,
    int cachedBlocks,
    int totalBlocks,
    double maskSeconds,
    HostCounts host) {

  /** Returns the statistics of two engines together. */
  public EngineStatistics plus(EngineStatistics other) {
    return new EngineStatistics(
        waitingRequests + other.waitingRequests,
        runningRequests + other.runningRequests,
        finishedRequests + other.finishedRequests,
        failedRequests + other.failedRequests,
        steps + other.steps,
        promptTokens + other.promptTokens,
        cachedTokens + other.cachedTokens,
        outputTokens + other.outputTokens,
        forcedTokens + other.forcedTokens,
        treeTokens + other.treeTokens,
        recomputedTokens + other.recomputedTokens,
        preemptions + other.preemptions,
        usedBlocks + other.usedBlocks,
        cachedBlocks + other.cachedBlocks,
        totalBlocks + other.totalBlocks,
        maskSeconds + other.maskSeconds,
        host.plus(other.host));
  }
}
