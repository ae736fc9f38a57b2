/** Reports as text for a terminal: {@link io.nightshift.job.report.text.FigureText}. */
@NullMarked
package io.nightshift.job.report.text;

import org.jspecify.annotations.NullMarked;
