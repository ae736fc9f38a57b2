/**
 * Merges small output files in parallel, after inference. Start at {@link
 * io.nightshift.operators.compact.MergeFilesFunction}. Used by the job that compacts an output;
 * knows neither models nor inference.
 */
@NullMarked
package io.nightshift.operators.compact;

import org.jspecify.annotations.NullMarked;
