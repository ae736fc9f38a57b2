package io.nightshift.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SegmentCacheTest {

  private final AtomicInteger encoded = new AtomicInteger();

  private int[] encode(String segment) {
    encoded.incrementAndGet();
    return new int[] {segment.hashCode()};
  }

  @Test
  void aSegmentIsKeptWhenItComesTheSecondTime() {
    SegmentCache cache = new SegmentCache(100);
    for (int i = 0; i < 10; i++) {
      assertThat(cache.get("system", this::encode)).containsExactly("system".hashCode());
    }
    assertThat(encoded).hasValue(2);
  }

  @Test
  void doesNotGrowWithRows() {
    SegmentCache cache = new SegmentCache(1000);
    for (int row = 0; row < 50_000; row++) {
      cache.get("system", this::encode);
      cache.get("row " + row, this::encode);
    }
    // A chance collision of hashes may let a few rows in.
    assertThat(cache.size()).isLessThan(20);
    assertThat(encoded).hasValue(50_002);
  }

  @Test
  void theLeastRecentlyUsedGoWhenItIsFull() {
    SegmentCache cache = new SegmentCache(12);
    for (String segment : new String[] {"aaaa", "aaaa", "bbbb", "bbbb", "cccc", "cccc"}) {
      cache.get(segment, this::encode);
    }
    cache.get("aaaa", this::encode);
    cache.get("dddd", this::encode);
    cache.get("dddd", this::encode);
    int before = encoded.get();

    cache.get("aaaa", this::encode);
    assertThat(encoded).hasValue(before);
    cache.get("bbbb", this::encode);
    assertThat(encoded).hasValue(before + 1);
    assertThat(cache.size()).isEqualTo(3);
  }

  @Test
  void whatIsLongerThanTheCacheIsNotKept() {
    SegmentCache cache = new SegmentCache(3);
    cache.get("long", this::encode);
    cache.get("long", this::encode);
    assertThat(cache.size()).isZero();
  }
}
