package io.nightshift.runtime.tokenizer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Token ids of segments that recur: the system prompt, the template's own words. A segment is kept
 * once it has been seen twice, so that the texts of rows, which are seen once, neither fill the
 * cache nor push anything out. Bounded, whatever the number of rows. Thread-safe.
 */
final class SegmentCache {

  private static final int REMEMBERED_HASHES = 1024;

  private final int maxCharacters;
  private final Map<String, int[]> tokens = new LinkedHashMap<>(16, 0.75f, true);
  private int characters;
  // Hashes of segments lately seen once; a collision only lets a segment in at first sight.
  private final int[] seenOnce = new int[REMEMBERED_HASHES];

  /**
   * @param maxCharacters most characters of all segments together; the least recently used go first
   */
  SegmentCache(int maxCharacters) {
    this.maxCharacters = maxCharacters;
  }

  /** The tokens of the segment, encoded now if they are not known; not to be changed. */
  int[] get(String segment, Function<String, int[]> encoder) {
    synchronized (tokens) {
      int[] known = tokens.get(segment);
      if (known != null) {
        return known;
      }
    }
    int[] encoded = encoder.apply(segment);
    synchronized (tokens) {
      if (isSecondSight(segment) && segment.length() <= maxCharacters) {
        put(segment, encoded);
      }
    }
    return encoded;
  }

  int size() {
    synchronized (tokens) {
      return tokens.size();
    }
  }

  private boolean isSecondSight(String segment) {
    int hash = segment.hashCode();
    int place = Math.floorMod(hash, REMEMBERED_HASHES);
    if (seenOnce[place] == hash) {
      return true;
    }
    seenOnce[place] = hash;
    return false;
  }

  private void put(String segment, int[] encoded) {
    if (tokens.put(segment, encoded) == null) {
      characters += segment.length();
    }
    var eldest = tokens.keySet().iterator();
    while (characters > maxCharacters) {
      characters -= eldest.next().length();
      eldest.remove();
    }
  }
}
