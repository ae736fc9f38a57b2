/**
 * Parquet files as a bounded Flink source of Arrow batches. Start at {@link
 * io.nightshift.connectors.parquet.source.ParquetSource}.
 */
@NullMarked
package io.nightshift.connectors.parquet.source;

import org.jspecify.annotations.NullMarked;
