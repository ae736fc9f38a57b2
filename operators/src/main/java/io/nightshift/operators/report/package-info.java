/**
 * What the operators count, for the progress line and the report. Start at {@link
 * io.nightshift.operators.report.RunCounter}.
 */
@NullMarked
package io.nightshift.operators.report;

import org.jspecify.annotations.NullMarked;
