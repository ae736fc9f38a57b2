package io.nightshift.runtime.kvcache;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Which waiting requests use a prefix, whether or not it has been computed: the numbers of the
 * requests by the hash of the prefix, up to the end of each of its full blocks. Prefixes with the
 * same hash are taken for one another, which makes evictions a little worse, and nothing wrong.
 */
final class NextUses {

  /** The next use of a prefix that no waiting request is known to use. */
  static final long NONE = Long.MAX_VALUE;

  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final Map<Long, NavigableSet<Long>> numbers = new HashMap<>();
  private long size;

  /** Number of pairs of a block and a request. */
  long size() {
    return size;
  }

  /** Adds a request to those that use a prefix. */
  void add(long hash, long number) {
    if (numbers.computeIfAbsent(hash, any -> new TreeSet<>()).add(number)) {
      size++;
    }
  }

  /** Undoes {@link #add}. */
  void remove(long hash, long number) {
    NavigableSet<Long> users = numbers.get(hash);
    if (users != null && users.remove(number)) {
      size--;
      if (users.isEmpty()) {
        numbers.remove(hash);
      }
    }
  }

  /** Number of the first request that uses a prefix; {@link #NONE} if none does. */
  long next(long hash) {
    NavigableSet<Long> users = numbers.get(hash);
    return users == null ? NONE : users.first();
  }

  /**
   * Hash of a prefix that ends with {@code tokens}.
   *
   * @param before hash of the prefix before
   */
  static long hash(long before, int[] tokens) {
    long hash = (before + Arrays.hashCode(tokens) + 1) * MULTIPLIER;
    return hash ^ (hash >>> 29);
  }
}
