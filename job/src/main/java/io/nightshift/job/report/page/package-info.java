/**
 * The report as one HTML file. Start at {@link io.nightshift.job.report.page.ReportPage}; the
 * scripts of the page are resources of this package. Knows only the data of the report.
 */
@NullMarked
package io.nightshift.job.report.page;

import org.jspecify.annotations.NullMarked;
