/**
 * What runs record beside their answers: one small Parquet file for each. Start at {@link
 * io.nightshift.job.report.runs.RunRecord}; {@link io.nightshift.job.report.runs.RunRecords} writes
 * and finds the files, whose columns docs/report.md has.
 */
@NullMarked
package io.nightshift.job.report.runs;

import org.jspecify.annotations.NullMarked;
