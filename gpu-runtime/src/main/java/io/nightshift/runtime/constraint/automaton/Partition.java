package io.nightshift.runtime.constraint.automaton;

import java.util.stream.IntStream;

/**
 * A partition of the numbers below n into sets, refined by marking numbers and splitting the sets
 * into those that were marked and the others (Valmari, "Fast brief practical DFA minimization",
 * 2012).
 */
final class Partition {
  private int setCount;

  /** The numbers, set by set. */
  private final int[] elements;

  /** Where a number is among the elements. */
  private final int[] locations;

  /** The set of a number. */
  private final int[] sets;

  /** Where the elements of a set begin and end; the marked ones come first. */
  private final int[] begins;

  private final int[] ends;
  private final int[] marked;

  /** The sets with marks. */
  private final int[] touched;

  private int touchedCount;

  /** One set for each group of consecutive numbers; the groups begin at these. */
  Partition(int size, int... groupBegins) {
    this.elements = IntStream.range(0, size).toArray();
    this.locations = elements.clone();
    this.sets = new int[size];
    this.begins = new int[size + 1];
    this.ends = new int[size + 1];
    this.marked = new int[size + 1];
    this.touched = new int[size + 1];
    for (int begin : groupBegins) {
      begins[setCount] = begin;
      ends[setCount] = setCount + 1 < groupBegins.length ? groupBegins[setCount + 1] : size;
      for (int i = begin; i < ends[setCount]; i++) {
        sets[i] = setCount;
      }
      setCount++;
    }
  }

  int setCount() {
    return setCount;
  }

  int setOf(int element) {
    return sets[element];
  }

  int begin(int set) {
    return begins[set];
  }

  int end(int set) {
    return ends[set];
  }

  int element(int location) {
    return elements[location];
  }

  /** Marks a number that is not marked. */
  void mark(int element) {
    int set = sets[element];
    int from = locations[element];
    int to = begins[set] + marked[set];
    elements[from] = elements[to];
    locations[elements[from]] = from;
    elements[to] = element;
    locations[element] = to;
    if (marked[set]++ == 0) {
      touched[touchedCount++] = set;
    }
  }

  /** Makes the smaller part of each set with marks a new set, and forgets the marks. */
  void split() {
    while (touchedCount > 0) {
      int set = touched[--touchedCount];
      int middle = begins[set] + marked[set];
      boolean allMarked = middle == ends[set];
      boolean markedIsSmaller = marked[set] <= ends[set] - middle;
      marked[set] = 0;
      if (allMarked) {
        continue;
      }
      if (markedIsSmaller) {
        begins[setCount] = begins[set];
        ends[setCount] = middle;
        begins[set] = middle;
      } else {
        begins[setCount] = middle;
        ends[setCount] = ends[set];
        ends[set] = middle;
      }
      for (int i = begins[setCount]; i < ends[setCount]; i++) {
        sets[elements[i]] = setCount;
      }
      setCount++;
    }
  }
}
