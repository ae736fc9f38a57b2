package io.nightshift.job.options;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds what a mistyped name was meant to be. */
public final class NearestName {
  private NearestName() {}

  /**
   * The candidate with the least edit distance to {@code name}, unless more than half of the name
   * would have to change.
   */
  public static Optional<String> of(String name, List<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> editDistance(name, candidate)))
        .filter(nearest -> editDistance(name, nearest) <= Math.max(2, name.length() / 2));
  }

  /** Insertions, deletions and replacements from one to the other (Levenshtein, 1965). */
  static int editDistance(String from, String to) {
    int[] distances = new int[to.length() + 1];
    for (int column = 0; column <= to.length(); column++) {
      distances[column] = column;
    }
    for (int row = 1; row <= from.length(); row++) {
      int diagonal = distances[0];
      distances[0] = row;
      for (int column = 1; column <= to.length(); column++) {
        int replaced = diagonal + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
        diagonal = distances[column];
        distances[column] =
            Math.min(replaced, 1 + Math.min(distances[column], distances[column - 1]));
      }
    }
    return distances[to.length()];
  }
}
