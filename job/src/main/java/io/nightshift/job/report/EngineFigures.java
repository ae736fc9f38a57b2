package io.nightshift.job.report;

import org.jspecify.annotations.Nullable;

/**
 * What one engine did. An engine whose task restarted is two engines, and what the first one did
 * after its last heartbeat is not recorded.
 *
 * @param name number of the task, and of the attempt if it restarted
 * @param host that it ran on
 * @param device that computes
 * @param dtype of the weights
 * @param rows answered, those with errors included
 * @param promptTokens of these rows
 * @param cachedTokens those of the prompt tokens that were found in the prefix cache
 * @param outputTokens generated
 * @param steps of the engine
 * @param meanStepMillis mean time of a step, in milliseconds; 0 without a step
 * @param seconds from the first request to the last answer
 * @param idleSeconds those of them without a step
 * @param preemptions sequences that gave up their blocks and were computed again
 * @param joules that its devices took, whoever else used them; null if not measured
 */
public record EngineFigures(
    String name,
    String host,
    String device,
    String dtype,
    long rows,
    long promptTokens,
    long cachedTokens,
    long outputTokens,
    long steps,
    double meanStepMillis,
    double seconds,
    double idleSeconds,
    long preemptions,
    @Nullable Double joules) {}
