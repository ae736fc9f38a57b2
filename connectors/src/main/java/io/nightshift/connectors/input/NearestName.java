package io.nightshift.connectors.input;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds what a mistyped name was meant to be. */
public final class NearestName {
  private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

  private NearestName() {}

  /**
   * The candidate with the smallest edit distance to {@code name}, unless more than half of the
   * name would have to change.
   */
  public static Optional<String> of(String name, List<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> DISTANCE.apply(name, candidate)))
        .filter(nearest -> DISTANCE.apply(name, nearest) <= Math.max(2, name.length() / 2));
  }
}
