/**
 * Parquet's column chunks to Arrow vectors. Start at {@link
 * io.nightshift.connectors.parquet.decode.BatchReader}; {@link
 * io.nightshift.connectors.parquet.decode.ArrowTypes} documents the Arrow type of each Parquet
 * type. Used by the source and by compaction.
 */
@NullMarked
package io.nightshift.connectors.parquet.decode;

import org.jspecify.annotations.NullMarked;
