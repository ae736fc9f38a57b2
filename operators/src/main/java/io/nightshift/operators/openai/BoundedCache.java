package io.nightshift.operators.openai;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** What was made of the keys that were used last. Not thread-safe. */
final class BoundedCache<K, V> {
  private final Map<K, V> entries;

  BoundedCache(int maximum) {
    entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > maximum;
          }
        };
  }

  /** The value of a key, made if it is not there; what fails is not kept. */
  V get(K key, Function<K, V> make) {
    V known = entries.get(key);
    if (known == null) {
      known = make.apply(key);
      entries.put(key, known);
    }
    return known;
  }
}
