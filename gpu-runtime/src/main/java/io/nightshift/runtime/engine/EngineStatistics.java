package io.nightshift.runtime.engine;

/**
 * A snapshot of the engine's work since it was made. Once all requests are done, {@code
 * promptTokens + cachedTokens} is the sum of their prompts' lengths.
 *
 * @param waitingRequests requests that have no KV cache blocks at present
 * @param runningRequests requests that have
 * @param finishedRequests completions handed out, errors included
 * @param failedRequests completions that were errors
 * @param steps forward passes
 * @param promptTokens prompt tokens computed, each counted once
 * @param cachedTokens prompt tokens that were found in the prefix cache
 * @param outputTokens tokens generated
 * @param treeTokens nodes of choice trees computed
 * @param recomputedTokens tokens computed again, after a pre-emption or without the prefix cache
 * @param preemptions requests that lost their blocks and were computed again
 * @param usedBlocks KV cache blocks that running requests hold
 * @param cachedBlocks blocks of the prefix tree, those of running requests included
 * @param totalBlocks all KV cache blocks
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
    long treeTokens,
    long recomputedTokens,
    long preemptions,
    int usedBlocks,
    int cachedBlocks,
    int totalBlocks) {}
