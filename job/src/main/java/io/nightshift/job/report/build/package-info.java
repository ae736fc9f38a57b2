/**
 * Makes reports from the records of runs and the answers of outputs. Start at {@link
 * io.nightshift.job.report.build.ReportBuilder}, or {@link
 * io.nightshift.job.report.build.ReportedOutput}, which finds both.
 */
@NullMarked
package io.nightshift.job.report.build;

import org.jspecify.annotations.NullMarked;
