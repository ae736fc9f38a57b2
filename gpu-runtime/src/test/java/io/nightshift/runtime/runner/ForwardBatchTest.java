package io.nightshift.runtime.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ForwardBatchTest {

  @Test
  void slotMappingFollowsTheBlockTables() {
    StepSequence prefill = new StepSequence(new int[] {1, 2, 3, 4, 5}, 5, new int[] {3, 0}, null);
    StepSequence decode = new StepSequence(new int[] {6}, 10, new int[] {5, 1, 2}, null);
    StepSequence tree =
        new StepSequence(new int[] {7, 8, 9}, 9, new int[] {4, 7, 6}, new int[] {-1, -1});

    ForwardBatch batch =
        new ForwardBatch(
            new StepBatch(List.of(prefill, decode, tree), List.of(), List.of()),
            new StepBounds(10, 100, 4, 8));

    assertThat(batch.slotMapping()).containsExactly(12, 13, 14, 15, 0, 9, 30, 31, 24);
  }
}
