/**
 * The report as one HTML file. Start at {@link io.nightshift.job.report.page.ReportPage}. Knows
 * only the data of the report.
 *
 * <p>Style and scripts of the page are resources of this package. A section is a function that
 * makes elements of the report's data, or returns null if there are none; {@code report.js} lists
 * them.
 */
@NullMarked
package io.nightshift.job.report.page;

import org.jspecify.annotations.NullMarked;
