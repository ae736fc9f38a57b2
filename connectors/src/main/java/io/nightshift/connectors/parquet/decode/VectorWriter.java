package io.nightshift.connectors.parquet.decode;

import org.apache.parquet.column.ColumnReader;

/** Copies one value that is not null from a column chunk into a vector. */
@FunctionalInterface
interface VectorWriter {
  void write(ColumnReader source, int index);
}
