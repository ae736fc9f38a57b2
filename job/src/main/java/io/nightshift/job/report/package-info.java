/**
 * What the report of a run says, as data: start at {@link io.nightshift.job.report.ReportData}.
 * Jackson writes the records as JSON for the page; a field has the name of its component. The
 * packages below make them and show them.
 */
@NullMarked
package io.nightshift.job.report;

import org.jspecify.annotations.NullMarked;
