/**
 * Parquet files as a bounded Flink source of Arrow batches. Start at {@link
 * io.nightshift.connectors.parquet.source.ParquetSource}. Used by whoever builds a Flink job.
 */
@NullMarked
package io.nightshift.connectors.parquet.source;

import org.jspecify.annotations.NullMarked;
