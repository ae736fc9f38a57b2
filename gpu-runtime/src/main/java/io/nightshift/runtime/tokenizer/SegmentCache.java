package io.nightshift.runtime.tokenizer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Cache of the token ids of recurring segments, such as the system prompt and the template's text.
 * A segment is cached when it is seen for the second time, so that texts of rows, which are seen
 * once, do not evict others. The size is bounded. Thread-safe.
 */
final class SegmentCache {

  private static final int REMEMBERED_HASHES = 1024;

  private final int maxCharacters;
  private final Map<String, int[]> tokens = new LinkedHashMap<>(16, 0.75f, true);
  private int characters;
  // Hashes of segments recently seen once. A collision only caches a segment the first time.
  private final int[] seenOnce = new int[REMEMBERED_HASHES];

  /**
   * @param maxCharacters maximum number of characters of all segments together; the least recently
   *     used segments are evicted
   */
  SegmentCache(int maxCharacters) {
    this.maxCharacters = maxCharacters;
  }

  /** The tokens of the segment, encoded now if they are not cached. Must not be changed. */
  int[] get(String segment, Function<String, int[]> encoder) {
    synchronized (tokens) {
      int[] known = tokens.get(segment);
      if (known != null) {
        return known;
      }
    }
    int[] encoded = encoder.apply(segment);
    synchronized (tokens) {
      if (wasSeenBefore(segment) && segment.length() <= maxCharacters) {
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

  private boolean wasSeenBefore(String segment) {
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
