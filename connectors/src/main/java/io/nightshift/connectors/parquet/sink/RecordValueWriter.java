package io.nightshift.connectors.parquet.sink;

import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.io.api.RecordConsumer;

/** Writes a cell that is not null. */
interface RecordValueWriter {
  void write(FieldVector vector, int row, RecordConsumer out);
}
