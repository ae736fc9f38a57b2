package io.nightshift.job.report.comparison;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Source rows that are compared at a time, and a fingerprint of an answer for each. Source rows are
 * numbered from 0 in each file, so that an array holds them.
 */
final class RowWindow {
  /**
   * Consecutive rows of a file.
   *
   * @param from first row
   * @param to row after the last one
   * @param index of the first row in the window
   */
  private record Range(long from, long to, int index) {}

  private final Map<String, Range> ranges = new HashMap<>();
  private int size;
  private long[] fingerprints = new long[0];

  private RowWindow() {}

  /**
   * Divides the rows of files into windows.
   *
   * @param rows of each file
   * @param maxRows of a window
   */
  static List<RowWindow> divide(SortedMap<String, Long> rows, int maxRows) {
    List<RowWindow> windows = new ArrayList<>();
    RowWindow window = new RowWindow();
    for (Map.Entry<String, Long> file : rows.entrySet()) {
      long from = 0;
      while (from < file.getValue()) {
        if (window.size == maxRows) {
          windows.add(window);
          window = new RowWindow();
        }
        long to = Math.min(file.getValue(), from + maxRows - window.size);
        window.ranges.put(file.getKey(), new Range(from, to, window.size));
        window.size += (int) (to - from);
        from = to;
      }
    }
    windows.add(window);
    return windows;
  }

  /** Takes memory for the fingerprints. */
  void open() {
    fingerprints = new long[size];
  }

  /** Gives the memory back. */
  void close() {
    fingerprints = new long[0];
  }

  /** The place of a row; -1 if it is in another window. */
  int index(String file, long row) {
    Range range = ranges.get(file);
    return range == null || row < range.from || row >= range.to
        ? -1
        : range.index + (int) (row - range.from);
  }

  /** Threads set the fingerprints of different rows. */
  void set(int index, long fingerprint) {
    fingerprints[index] = fingerprint;
  }

  /** The fingerprint of a row; 0 if it has none. */
  long get(int index) {
    return fingerprints[index];
  }
}
