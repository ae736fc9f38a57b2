/**
 * The Parquet files of a job: which they are, and whether they fit together. Start at {@link
 * io.nightshift.connectors.parquet.ParquetInputs}; the Flink source is in the package {@code
 * source}.
 */
@NullMarked
package io.nightshift.connectors.parquet;

import org.jspecify.annotations.NullMarked;
