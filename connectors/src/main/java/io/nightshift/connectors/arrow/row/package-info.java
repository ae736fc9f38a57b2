/**
 * Single rows of an Arrow batch: as bytes, for sorting them between batches ({@link
 * io.nightshift.connectors.arrow.row.ArrowRowCodec}), and as plain Java values, for templates
 * ({@link io.nightshift.connectors.arrow.row.ArrowValues}). Knows no Parquet.
 */
@NullMarked
package io.nightshift.connectors.arrow.row;

import org.jspecify.annotations.NullMarked;
