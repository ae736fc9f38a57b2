/**
 * Files as a bounded Flink source of Arrow batches, whatever their format. Start at {@link
 * io.nightshift.connectors.source.ArrowSource}; a format is a {@link
 * io.nightshift.connectors.source.BatchFormat}. Used by the formats and by whoever builds a job.
 */
@NullMarked
package io.nightshift.connectors.source;

import org.jspecify.annotations.NullMarked;
