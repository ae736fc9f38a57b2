package io.nightshift.runtime.model.shard;

/** Consecutive rows, columns or heads: {@code first} to {@code first + count}. */
record Slice(int first, int count) {

  /** The part of a rank, if {@code total} is divided evenly among {@code degree} ranks. */
  static Slice of(int total, int rank, int degree) {
    int count = total / degree;
    return new Slice(rank * count, count);
  }

  /** The same slice in elements, if each of its members has so many. */
  Slice times(int elements) {
    return new Slice(first * elements, count * elements);
  }
}
