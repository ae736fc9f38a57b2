/**
 * Parquet's column chunks to Arrow vectors. Start at {@link
 * io.nightshift.connectors.parquet.decode.BatchReader}; how a Parquet type becomes an Arrow type
 * says {@link io.nightshift.connectors.parquet.decode.ArrowTypes}.
 */
@NullMarked
package io.nightshift.connectors.parquet.decode;

import org.jspecify.annotations.NullMarked;
