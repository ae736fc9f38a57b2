/**
 * Merges small output files in parallel. Start at {@link
 * io.nightshift.operators.compact.MergeFilesFunction}.
 */
@NullMarked
package io.nightshift.operators.compact;

import org.jspecify.annotations.NullMarked;
