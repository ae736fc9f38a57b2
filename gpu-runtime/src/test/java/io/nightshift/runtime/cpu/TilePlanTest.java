package io.nightshift.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TilePlanTest {

  @Test
  void tilesCoverAllRowsOnce() {
    for (int workers : new int[] {1, 2, 3, 16}) {
      for (int rows : new int[] {0, 1, 3, 4, 31, 100, 128, 255, 256, 257, 1000, 1024, 5003}) {
        List<Integer> seen = new ArrayList<>();
        new TilePlan(rows, workers)
            .forEachUnclaimed(
                new AtomicInteger(),
                (from, count) -> {
                  assertThat(count).isBetween(1, TilePlan.largest(rows));
                  for (int row = from; row < from + count; row++) {
                    seen.add(row);
                  }
                });
        assertThat(seen).as("%d rows, %d workers", rows, workers).hasSize(rows).isSorted();
        assertThat(seen).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void fewRowsAreSharedEvenly() {
    TilePlan plan = new TilePlan(100, 2);
    assertThat(plan.count()).isEqualTo(2);
    assertThat(plan.rows(0)).isEqualTo(52);
    assertThat(plan.rows(1)).isEqualTo(48);
  }

  @Test
  void tilesGetSmallerTowardsTheEnd() {
    TilePlan plan = new TilePlan(1024, 2);
    assertThat(plan.rows(0)).isEqualTo(TilePlan.MAX_ROWS);
    for (int tile = 1; tile < plan.count(); tile++) {
      assertThat(plan.rows(tile)).isLessThanOrEqualTo(plan.rows(tile - 1));
    }
    assertThat(plan.rows(plan.count() - 1)).isEqualTo(32);
  }
}
