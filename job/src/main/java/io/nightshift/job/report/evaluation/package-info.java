/**
 * Answers compared with a column of the input. Start at {@link
 * io.nightshift.job.report.evaluation.Evaluation}, which reads an output; {@link
 * io.nightshift.job.report.evaluation.EvaluationCounts} is the statistics alone, and knows no file.
 */
@NullMarked
package io.nightshift.job.report.evaluation;

import org.jspecify.annotations.NullMarked;
