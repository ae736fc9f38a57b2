package io.nightshift.connectors.parquet.decode;

/** Counts the bytes of the values and offsets of a batch. */
final class BatchSize {
  private long bytes;

  void add(int more) {
    bytes += more;
  }

  long bytes() {
    return bytes;
  }
}
