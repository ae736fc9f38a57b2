/**
 * The files of a job's input, whatever their format: which they are, their columns, and where rows
 * come from. Start at {@link io.nightshift.connectors.input.InputFiles}, which every format
 * implements. Used when a job is prepared, and by the formats.
 */
@NullMarked
package io.nightshift.connectors.input;

import org.jspecify.annotations.NullMarked;
