/**
 * The Parquet files of a job's input: which they are, and whether their columns fit together. Start
 * at {@link io.nightshift.connectors.parquet.input.ParquetInputs}. Used when a job is prepared, by
 * the source, and by compaction.
 */
@NullMarked
package io.nightshift.connectors.parquet.input;

import org.jspecify.annotations.NullMarked;
