/**
 * Writes Arrow batches to Parquet files that appear with Flink's checkpoints. Start at {@link
 * io.nightshift.connectors.parquet.sink.ParquetSink}; {@link
 * io.nightshift.connectors.parquet.sink.OrderedParquetSink} writes sorted rows in batch mode. Used
 * by compaction and by whoever builds a Flink job.
 */
@NullMarked
package io.nightshift.connectors.parquet.sink;

import org.jspecify.annotations.NullMarked;
