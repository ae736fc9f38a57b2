/**
 * One Parquet file on any Flink file system, opened and checked before anything is read from it.
 * Start at {@link io.nightshift.connectors.parquet.file.ParquetFile}. Used by all other packages
 * that read Parquet.
 */
@NullMarked
package io.nightshift.connectors.parquet.file;

import org.jspecify.annotations.NullMarked;
