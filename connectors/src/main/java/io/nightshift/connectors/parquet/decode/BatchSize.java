package io.nightshift.connectors.parquet.decode;

/** Counts the bytes of values and offsets that have gone into a batch. */
final class BatchSize {
  private long bytes;

  void add(int more) {
    bytes += more;
  }

  long bytes() {
    return bytes;
  }
}
