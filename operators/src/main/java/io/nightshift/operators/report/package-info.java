/**
 * Counters and errors of the operators, for the progress line and the report. Start at {@link
 * io.nightshift.operators.report.RunCounter}. All operators and the job use it.
 */
@NullMarked
package io.nightshift.operators.report;

import org.jspecify.annotations.NullMarked;
