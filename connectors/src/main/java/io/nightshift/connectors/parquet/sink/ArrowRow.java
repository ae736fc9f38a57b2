package io.nightshift.connectors.parquet.sink;

import org.apache.arrow.vector.VectorSchemaRoot;

/** A cursor over the rows of batches, which is the record type of Parquet's writer. */
final class ArrowRow {
  private VectorSchemaRoot batch = VectorSchemaRoot.of();
  private int index;

  ArrowRow at(VectorSchemaRoot nextBatch, int nextIndex) {
    batch = nextBatch;
    index = nextIndex;
    return this;
  }

  VectorSchemaRoot batch() {
    return batch;
  }

  int index() {
    return index;
  }
}
