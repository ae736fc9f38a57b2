package io.nightshift.runtime.cuda.kernels;

import java.util.Arrays;

/** A growing list of ints. */
final class IntList {
  private int[] values = new int[64];
  private int size;

  int size() {
    return size;
  }

  int get(int index) {
    return values[index];
  }

  void add(int... added) {
    reserve(added.length);
    System.arraycopy(added, 0, values, size, added.length);
    size += added.length;
  }

  void addZeros(int count) {
    reserve(count);
    Arrays.fill(values, size, size + count, 0);
    size += count;
  }

  void setBit(int firstWord, int bit) {
    values[firstWord + bit / Integer.SIZE] |= 1 << bit % Integer.SIZE;
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }

  private void reserve(int count) {
    if (size + count > values.length) {
      values = Arrays.copyOf(values, Math.max(size + count, 2 * values.length));
    }
  }
}
