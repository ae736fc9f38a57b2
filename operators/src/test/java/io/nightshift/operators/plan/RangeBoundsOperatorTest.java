package io.nightshift.operators.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.operators.tokenize.PromptKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RangeBoundsOperatorTest {

  @Test
  void rangesOfASampleHaveAboutAsManyRowsAndKeepTheOrder() {
    // All rows share a prefix, and a third of them are the same prompt.
    Random random = new Random(5);
    List<PromptKey> keys = new ArrayList<>();
    for (int row = 0; row < 30_000; row++) {
      int[] tokens = IntStream.concat(IntStream.range(0, 50), random.ints(5, 0, 100)).toArray();
      keys.add(new PromptKey(row % 3 == 0 ? new int[] {7} : tokens, "file", row));
    }
    List<PromptKey> sample = new ArrayList<>();
    for (int i = 0; i < 800; i++) {
      sample.add(keys.get(random.nextInt(keys.size())));
    }

    List<PromptKey> bounds = RangeBoundsOperator.bounds(sample, 8);

    assertThat(bounds).hasSize(7).isSorted();
    long[] rows = new long[8];
    Collections.sort(keys);
    int last = 0;
    for (PromptKey key : keys) {
      int range = AssignRangeFunction.rangeOf(key, bounds);
      assertThat(range).isGreaterThanOrEqualTo(last);
      last = range;
      rows[range]++;
    }
    assertThat(Arrays.stream(rows).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(2_800L, 4_800L));
  }

  @Test
  void fewRowsMakeFewRanges() {
    PromptKey only = new PromptKey(new int[] {1}, "file", 0);
    assertThat(RangeBoundsOperator.bounds(List.of(), 4)).isEmpty();
    assertThat(RangeBoundsOperator.bounds(List.of(only), 1)).isEmpty();
    assertThat(RangeBoundsOperator.bounds(List.of(only), 4).size()).isLessThanOrEqualTo(1);
  }
}
