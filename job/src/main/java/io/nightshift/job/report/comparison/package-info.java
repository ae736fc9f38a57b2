/**
 * Compares the answers of two outputs, row by row. Start at {@link
 * io.nightshift.job.report.comparison.OutputComparison}.
 */
@NullMarked
package io.nightshift.job.report.comparison;

import org.jspecify.annotations.NullMarked;
