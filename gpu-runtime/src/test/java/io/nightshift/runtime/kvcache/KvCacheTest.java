package io.nightshift.runtime.kvcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.runner.BlockCopy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KvCacheTest {

  private static final int BLOCK_SIZE = 4;

  private final KvCache cache = new KvCache(10, BLOCK_SIZE);
  private long number;

  /** A sequence that is admitted and computed in a step of its own. */
  private BlockTable computed(int... prompt) {
    cache.beginStep(number);
    BlockTable table = admitted(prompt);
    cache.endStep();
    return table;
  }

  /** A sequence that is admitted and computed in the step at hand. */
  private BlockTable admitted(int... prompt) {
    BlockTable table = cache.newTable();
    assertThat(cache.admit(table, prompt, prompt.length, prompt.length, 0, number)).isNotNegative();
    cache.insert(table, prompt, prompt.length, prompt.length, number++);
    return table;
  }

  private static int block(BlockTable table, int index) {
    return table.groups[0].get(index);
  }

  private int cachedTokens(int... prompt) {
    cache.beginStep(number);
    BlockTable table = cache.newTable();
    int cached = cache.admit(table, prompt, prompt.length, prompt.length, 0, number);
    cache.endStep();
    if (cached >= 0) {
      cache.release(table);
    }
    return cached;
  }

  @Test
  void wholeBlocksAreSharedAndTheRestIsCopied() {
    BlockTable first = computed(1, 2, 3, 4, 5, 6, 7, 8, 9);
    cache.beginStep(number);
    BlockTable second = cache.newTable();

    int cached = cache.admit(second, new int[] {1, 2, 3, 4, 5, 6, 0}, 7, 7, 0, number);

    assertThat(cached).isEqualTo(6);
    assertThat(block(second, 0)).isEqualTo(block(first, 0));
    assertThat(block(second, 1)).isNotEqualTo(block(first, 1));
    assertThat(cache.endStep().blocks())
        .containsExactly(new BlockCopy(block(first, 1), block(second, 1), 2));
  }

  @Test
  void sequencesWithOtherRotaryFactorsShareNothing() {
    int[] prompt = {1, 2, 3, 4, 5, 6};
    cache.release(computed(prompt));
    cache.beginStep(number);
    BlockTable large = cache.newTable(true);
    assertThat(cache.admit(large, prompt, 6, 6, 0, number)).isZero();
    cache.insert(large, prompt, 6, 6, number++);
    cache.endStep();
    cache.beginStep(number);
    BlockTable other = cache.newTable(true);
    assertThat(cache.admit(other, prompt, 6, 6, 0, number)).isEqualTo(5);
    assertThat(block(other, 0)).isEqualTo(block(large, 0));
    cache.endStep();
    cache.discardPrefix(prompt, 6, true);
    assertThat(cachedTokens(prompt)).isEqualTo(5);
  }

  @Test
  void theLastTokenIsNeverReused() {
    computed(1, 2, 3, 4);
    assertThat(cachedTokens(1, 2, 3, 4)).isEqualTo(3);
    assertThat(cachedTokens(1, 2, 3, 4, 5)).isEqualTo(4);
    assertThat(cachedTokens(1)).isZero();
  }

  @Test
  void theEndOfAPromptIsReusedToo() {
    computed(1, 2, 3, 4, 5, 6);
    assertThat(cachedTokens(1, 2, 3, 4, 5, 6, 7, 8)).isEqualTo(6);
    assertThat(cachedTokens(1, 2, 3, 4, 5, 9)).isEqualTo(5);
  }

  @Test
  void blocksOfTheSameStepAreSharedButNotCopied() {
    cache.beginStep(0);
    admitted(1, 2, 3, 4, 5, 6, 7);
    BlockTable second = cache.newTable();
    int[] prompt = {1, 2, 3, 4, 5, 6, 9};
    assertThat(cache.admit(second, prompt, 7, 7, 0, number)).isEqualTo(4);
    assertThat(cache.endStep().blocks()).isEmpty();
  }

  @Test
  void anOlderBlockIsCopiedWhereNewerNeighborsShareAsMuch() {
    BlockTable old = computed(1, 2, 0, 0, 0);
    cache.beginStep(number);
    admitted(1, 2, 5, 5, 5);
    admitted(1, 2, 6, 6, 6);
    BlockTable last = cache.newTable();
    assertThat(cache.admit(last, new int[] {1, 2, 7, 7}, 4, 4, 0, number)).isEqualTo(2);
    assertThat(cache.endStep().blocks()).extracting(BlockCopy::source).containsOnly(block(old, 0));
  }

  @Test
  void refusesWhatDoesNotFitAndChangesNothing() {
    computed(new int[30]);
    int available = cache.availableBlocks();
    assertThat(cachedTokens(1, 2, 3, 4, 5, 6, 7, 8, 9)).isEqualTo(-1);
    assertThat(cache.availableBlocks()).isEqualTo(available);
    assertThat(cachedTokens(1, 2, 3, 4, 5, 6, 7, 8)).isZero();
  }

  @Test
  void doesWithoutACopyWhereItsSourceIsInTheWay() {
    int[] prompt = new int[40];
    cache.release(computed(prompt));
    int[] other = prompt.clone();
    other[39] = 1;
    // Ten blocks are nine shared ones and a new one: the tenth of the tree has to go.
    assertThat(cachedTokens(other)).isEqualTo(36);
  }

  @Test
  void evictsFirstWhatOnlyEarlierRequestsHaveUsed() {
    cache.release(computed(1, 1, 1, 1, 1));
    cache.release(computed(2, 2, 2, 2, 2));
    cache.release(computed(3, 3, 3, 3, 3));
    cache.expect(new int[] {1, 1, 1, 1, 9}, 5, false, number + 5);
    // Room for all but one row: the oldest that no waiting request wants is the second.
    computed(4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4);
    assertThat(cachedTokens(1, 1, 1, 1, 1)).isEqualTo(4);
    assertThat(cachedTokens(3, 3, 3, 3, 3)).isEqualTo(4);
    assertThat(cachedTokens(2, 2, 2, 2, 2)).isZero();
  }

  @Test
  void evictsLastWhatIsWantedSoonest() {
    cache.release(computed(1, 1, 1, 1));
    cache.release(computed(2, 2, 2, 2));
    cache.expect(new int[] {1, 1, 1, 1, 9}, 5, false, number + 1);
    cache.expect(new int[] {2, 2, 2, 2, 9}, 5, false, number + 2);
    cache.release(computed(new int[36]));
    assertThat(cachedTokens(2, 2, 2, 2, 9)).isZero();
    assertThat(cachedTokens(1, 1, 1, 1)).isEqualTo(3);
  }

  @Test
  void theTreeNeverHoldsMoreThanThePool() {
    for (int row = 0; row < 1000; row++) {
      cache.release(computed(row, row, row, row, row));
      assertThat(cache.cachedBlocks()).isLessThanOrEqualTo(10);
      assertThat(cache.availableBlocks()).isEqualTo(10);
    }
  }

  @Test
  void aBlockCannotBeFreedTwice() {
    BlockPool pool = new BlockPool(2);
    int block = pool.allocate();
    pool.free(block);
    assertThatThrownBy(() -> pool.free(block)).hasMessageContaining("freed twice");
    pool.allocate();
    pool.allocate();
    assertThatThrownBy(pool::allocate).hasMessageContaining("no free block among 2");
  }

  /** Random sequences come and go; what the tree finds is compared with a plain list. */
  @Test
  void findsTheLongestPrefixAmongRandomPrompts() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      KvCache large = new KvCache(10_000, 1 + random.nextInt(6));
      List<int[]> prompts = new ArrayList<>();
      List<BlockTable> held = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int[] prompt = random.ints(1 + random.nextInt(12), 0, 2).toArray();
        int best = 0;
        for (int[] other : prompts) {
          int mismatch = Arrays.mismatch(prompt, other);
          best = Math.max(best, mismatch < 0 ? prompt.length : mismatch);
        }
        large.beginStep(i);
        BlockTable table = large.newTable();
        int cached = large.admit(table, prompt, prompt.length, prompt.length, 0, i);
        large.insert(table, prompt, prompt.length, prompt.length, i);
        large.endStep();
        assertThat(cached).isEqualTo(Math.min(best, prompt.length - 1));
        prompts.add(prompt);
        held.add(table);
        if (random.nextBoolean()) {
          large.release(held.remove(random.nextInt(held.size())));
        }
      }
      held.forEach(large::release);
      assertThat(large.availableBlocks()).isEqualTo(10_000);
    }
  }

  @Test
  void aDiscardedRequestTakesItsOwnBlocksAndThoseBehindThemOutOfTheTree() {
    BlockTable first = computed(1, 2, 3, 4, 5, 6, 7, 8);
    int[] prompt = {1, 2, 3, 4, 9, 9, 9, 9, 8};
    long discarded = number;
    BlockTable second = computed(prompt);
    BlockTable third = computed(1, 2, 3, 4, 9, 9, 9, 9, 7);
    assertThat(cache.cachedBlocks()).isEqualTo(5);

    cache.discard(prompt, prompt.length, false, discarded);
    cache.release(second);

    assertThat(cachedTokens(1, 2, 3, 4, 5, 6, 7, 8, 0)).isEqualTo(8);
    assertThat(cachedTokens(1, 2, 3, 4, 9, 9, 9, 9, 8, 0)).isEqualTo(4);
    // The third holds the block that it reuses, and its own.
    assertThat(cache.cachedBlocks()).isEqualTo(4);
    assertThat(cache.availableBlocks()).isEqualTo(10 - 4);
    cache.release(third);
    cache.release(first);
    assertThat(cache.cachedBlocks()).isEqualTo(2);
    assertThat(cache.availableBlocks()).isEqualTo(10);
    assertThat(cache.freeBlocks()).isEqualTo(8);
  }

  @Test
  void aHolderOfDiscardedBlocksLeavesNothingInTheTree() {
    int[] prompt = {1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9};
    cache.beginStep(number);
    BlockTable holder = cache.newTable();
    cache.admit(holder, prompt, prompt.length, prompt.length, 0, number);
    cache.insert(holder, prompt, prompt.length, 8, number);
    cache.endStep();

    cache.discardPrefix(prompt, prompt.length, false);
    cache.beginStep(number);
    cache.insert(holder, prompt, prompt.length, prompt.length, number);
    cache.endStep();

    assertThat(cachedTokens(1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 0)).isZero();
    cache.release(holder);
    assertThat(cache.cachedBlocks()).isZero();
    assertThat(cache.freeBlocks()).isEqualTo(10);
  }

  @Test
  void unheldBlocksThatAreDiscardedAreFreeAtOnce() {
    int[] prompt = {1, 2, 3, 4, 5, 6, 7, 8};
    cache.release(computed(prompt));
    cache.release(computed(2, 2, 2, 2));

    cache.discardPrefix(prompt, prompt.length, false);

    assertThat(cache.cachedBlocks()).isEqualTo(1);
    assertThat(cache.freeBlocks()).isEqualTo(9);
    assertThat(cache.availableBlocks()).isEqualTo(10);
    assertThat(cachedTokens(2, 2, 2, 2, 0)).isEqualTo(4);
  }
}
