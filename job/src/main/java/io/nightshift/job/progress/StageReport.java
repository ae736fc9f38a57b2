package io.nightshift.job.progress;

import java.time.Duration;

/**
 * What a stage did.
 *
 * @param stage which
 * @param rows that went through it
 * @param tokens prompt and output tokens that went through it; 0 for a stage before tokens
 * @param time it took
 */
public record StageReport(Stage stage, long rows, long tokens, Duration time) {}
