/**
 * Arrow batches to Parquet files that appear with Flink's checkpoints. Start at {@link
 * io.nightshift.connectors.parquet.sink.ParquetSink}.
 */
@NullMarked
package io.nightshift.connectors.parquet.sink;

import org.jspecify.annotations.NullMarked;
