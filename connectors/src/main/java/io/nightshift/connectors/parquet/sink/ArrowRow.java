package io.nightshift.connectors.parquet.sink;

import org.apache.arrow.vector.VectorSchemaRoot;

/** One row of a batch after the other: what Parquet's writer takes for a record. */
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
