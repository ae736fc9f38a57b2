/**
 * What the answers of an output are, read from its files: start at {@link
 * io.nightshift.job.report.answers.AnswerSurvey}. {@link
 * io.nightshift.job.report.answers.OutputScan} reads columns of many files at a time, and {@link
 * io.nightshift.job.report.answers.AnswerRow} gives the values of a row.
 */
@NullMarked
package io.nightshift.job.report.answers;

import org.jspecify.annotations.NullMarked;
