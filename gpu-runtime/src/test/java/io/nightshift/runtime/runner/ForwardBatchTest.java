package io.nightshift.runtime.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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

    assertThat(batch.slotMapping(0)).containsExactly(12, 13, 14, 15, 0, 9, 30, 31, 24);
  }

  /** A decode at position 9 that sees the last four positions in the second group. */
  private static StepSequence decode(int[]... blockTables) {
    return new StepSequence(new int[] {6}, 10, blockTables, null, false);
  }

  private static ForwardBatch batch(StepSequence sequence, BlockCopy... copies) {
    return new ForwardBatch(
        new StepBatch(List.of(sequence), List.of(copies), List.of()),
        new StepBounds(10, 100, 4, List.of(new BlockGroup(0, 8), new BlockGroup(4, 5))));
  }

  @Test
  void eachGroupHasItsOwnSlots() {
    ForwardBatch batch = batch(decode(new int[] {5, 6, 7}, new int[] {StepSequence.FREED, 0, 4}));
    assertThat(batch.slotMapping(0)).containsExactly(29);
    assertThat(batch.slotMapping(1)).containsExactly(17);
    assertThat(batch(decode(new int[] {2, 3, 4})).slotMapping(1)).containsExactly(17);
  }

  @Test
  void blocksThatAQueryDoesNotSeeMayHaveBeenFreedAndNoOthers() {
    int[] all = {5, 6, 7};
    assertRefused(() -> batch(decode(all, new int[] {-1, -1, 4})), "Block -1");
    assertRefused(() -> batch(decode(new int[] {-1, 6, 7}, all)), "Block -1");
    assertRefused(() -> batch(decode(all, new int[] {-2, 0, 4})), "Block -2");
    assertRefused(() -> batch(decode(all, new int[] {0, 1, 5})), "Block 5");
    assertRefused(() -> batch(decode(all, all, all)), "3 block tables; the cache has 2 groups");
    assertRefused(() -> batch(decode(all, new int[2])), "2 blocks of 4 tokens");
  }

  @Test
  void blocksAreCopiedWithinAGroup() {
    StepSequence sequence = decode(new int[] {2, 3, 4});
    assertThat(batch(sequence, new BlockCopy(1, 0, 1, 2)).copies()).hasSize(1);
    assertRefused(() -> batch(sequence, new BlockCopy(1, 0, 5, 2)), "Block 5");
    assertRefused(() -> batch(sequence, new BlockCopy(2, 0, 1, 2)), "none of the 2 groups");
  }

  @Test
  void longSequencesHaveRotaryPositionsBehindTheOthers() {
    StepSequence prompt = new StepSequence(new int[] {1, 2}, 5, new int[] {3, 0}, null, true);
    StepSequence usual = new StepSequence(new int[] {1, 2}, 5, new int[] {1, 2}, null);
    ForwardBatch batch =
        new ForwardBatch(
            new StepBatch(List.of(prompt, usual), List.of(), List.of()),
            new StepBounds(10, 100, 4, 8));
    assertThat(IntStream.range(0, 4).map(batch::rotaryPosition)).containsExactly(103, 104, 3, 4);
    assertThat(IntStream.range(0, 4).map(batch::position)).containsExactly(3, 4, 3, 4);
  }

  private static void assertRefused(ThrowingCallable batch, String message) {
    assertThatThrownBy(batch)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
