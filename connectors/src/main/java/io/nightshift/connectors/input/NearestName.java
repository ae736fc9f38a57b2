package io.nightshift.connectors.input;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds what a mistyped name was meant to be. */
public final class NearestName {
  private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

  /** Two letters in the wrong order count as two changes. */
  private static final int SWAP = 2;

  private NearestName() {}

  /**
   * The candidate with the smallest edit distance to {@code name}, whatever the case of letters.
   * Empty if more than half of the name would have to change; of three letters or fewer, all.
   */
  public static Optional<String> of(String name, Collection<String> candidates) {
    int most = Math.max(Math.min(SWAP, name.length() - 1), name.length() / 2);
    return candidates.stream()
        .min(
            Comparator.comparingInt((String candidate) -> distance(name, candidate))
                .thenComparing(candidate -> DISTANCE.apply(name, candidate)))
        .filter(nearest -> distance(name, nearest) <= most);
  }

  private static int distance(String name, String candidate) {
    return DISTANCE.apply(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
  }
}
