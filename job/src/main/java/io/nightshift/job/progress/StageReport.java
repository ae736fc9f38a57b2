package io.nightshift.job.progress;

import java.time.Duration;

/**
 * Throughput of a stage.
 *
 * @param stage of the run
 * @param rows processed
 * @param tokens prompt and output tokens processed; 0 for a stage before tokenization
 * @param time that it took
 */
public record StageReport(Stage stage, long rows, long tokens, Duration time) {}
