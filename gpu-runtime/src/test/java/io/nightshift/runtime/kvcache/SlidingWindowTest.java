package io.nightshift.runtime.kvcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.runner.BlockCopy;
import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.StepSequence;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Groups of layers with sliding windows; see also {@link KvCacheTest}. */
class SlidingWindowTest {

  private static final int BLOCK_SIZE = 4;
  private static final int STEP_TOKENS = 8;
  private static final int WINDOW = 6;

  private long number;

  private static KvCache cache(int all, int windowed) {
    return new KvCache(
        List.of(new BlockGroup(0, all), new BlockGroup(WINDOW, windowed)), BLOCK_SIZE, STEP_TOKENS);
  }

  private static KvCache windowOnly(int blocks) {
    return new KvCache(List.of(new BlockGroup(WINDOW, blocks)), BLOCK_SIZE, STEP_TOKENS);
  }

  private static int[] prompt(int first, int length) {
    return IntStream.range(0, length).map(i -> i == 0 ? first : i).toArray();
  }

  /** A prompt that is computed step by step. */
  private BlockTable computed(KvCache cache, int... prompt) {
    cache.beginStep(number);
    BlockTable table = cache.newTable();
    int done = cache.admit(table, prompt, prompt.length, prompt.length, 0, number);
    assertThat(done).isNotNegative();
    while (done < prompt.length) {
      int end = Math.min(prompt.length, done + STEP_TOKENS);
      assertThat(cache.grow(table, done, end)).isTrue();
      cache.insert(table, prompt, prompt.length, end, number);
      cache.endStep();
      cache.beginStep(number);
      done = end;
    }
    cache.endStep();
    number++;
    return table;
  }

  private int cachedTokens(KvCache cache, int... prompt) {
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
  void blocksThatNoQuerySeesAreFreedAndThoseOfThePromptStayCached() {
    KvCache cache = cache(100, 100);
    BlockTable table = computed(cache, prompt(1, 20));
    assertThat(cache.cachedBlocks()).isEqualTo(10);

    assertThat(cache.grow(table, 20, 21)).isTrue();

    // The query at position 20 sees positions 15 to 20.
    assertThat(table.first(6)[0]).doesNotContain(StepSequence.FREED);
    assertThat(table.first(6)[1]).startsWith(-1, -1, -1);
    assertThat(Arrays.copyOfRange(table.first(6)[1], 3, 6)).doesNotContain(StepSequence.FREED);
    assertThat(table.groups[1].held()).isEqualTo(3);
    // Nothing is lost: the blocks are in the tree, for others.
    assertThat(cache.cachedBlocks()).isEqualTo(10);
    assertThat(cache.availableBlocks()).isEqualTo(200 - 6 - 3);
    assertThat(cachedTokens(cache, prompt(1, 20))).isEqualTo(19);

    // Output is not, and is free at once.
    assertThat(cache.grow(table, 27, 40)).isTrue();
    int free = cache.freeBlocks();
    assertThat(cache.grow(table, 35, 40)).isTrue();
    assertThat(cache.freeBlocks()).isEqualTo(free + 2);
    cache.release(table);
    assertThat(cache.availableBlocks()).isEqualTo(200);
  }

  @Test
  void aPrefixIsUsableAsFarAsItsWindowIsThere() {
    KvCache cache = cache(100, 7);
    cache.release(computed(cache, prompt(1, 20)));
    cache.expect(prompt(1, 9), 9, false, 100);
    // Takes five of the seven blocks. Those of the first eight tokens are wanted.
    cache.release(computed(cache, prompt(2, 20)));

    assertThat(cachedTokens(cache, prompt(1, 9))).isEqualTo(8);
    // Longer ones fall back to the eight tokens whose window is there.
    assertThat(cachedTokens(cache, prompt(1, 20))).isEqualTo(8);
  }

  @Test
  void aPrefixThatHasLostItsWindowGetsItAgain() {
    KvCache cache = cache(100, 6);
    cache.release(computed(cache, prompt(1, 20)));
    cache.release(computed(cache, prompt(2, 20)));
    // The deepest blocks were evicted first; one was not.
    assertThat(cachedTokens(cache, prompt(1, 21))).isEqualTo(4);
    int cached = cache.cachedBlocks();

    BlockTable again = computed(cache, prompt(1, 20));

    assertThat(cachedTokens(cache, prompt(1, 21))).isEqualTo(20);
    // The full group has the prefix once, and the sequence has gone over to it.
    assertThat(cache.cachedBlocks()).isEqualTo(cached);
    cache.release(again);
    assertThat(cache.availableBlocks()).isEqualTo(106);
  }

  @Test
  void partsOfBlocksAreCopiedInEveryGroup() {
    KvCache cache = cache(100, 100);
    BlockTable first = computed(cache, prompt(1, 12));
    int[] other = prompt(1, 12);
    other[10] = 99;
    cache.beginStep(number);
    BlockTable second = cache.newTable();

    assertThat(cache.admit(second, other, 12, 12, 0, number)).isEqualTo(10);

    assertThat(cache.endStep().blocks())
        .containsExactly(
            new BlockCopy(0, first.first(3)[0][2], second.first(3)[0][2], 2),
            new BlockCopy(1, first.first(3)[1][2], second.first(3)[1][2], 2));
  }

  @Test
  void withoutAFullGroupLongPromptsFitFewBlocksAndNothingIsLeftOfThem() {
    // Five blocks hold a window of six tokens and a step of eight, wherever they begin.
    KvCache cache = windowOnly(6);
    assertThat(cache.maxTokens()).isEqualTo(Integer.MAX_VALUE);
    assertThat(windowOnly(4).maxTokens()).isEqualTo(16);
    for (int row = 0; row < 100; row++) {
      BlockTable table = computed(cache, prompt(row, 50 + row));
      assertThat(table.groups[0].held()).isLessThanOrEqualTo(5);
      assertThat(cachedTokens(cache, prompt(row, 50 + row))).isEqualTo(49 + row);
      cache.release(table);
      assertThat(cache.cachedBlocks()).isLessThanOrEqualTo(6);
      assertThat(cache.availableBlocks()).isEqualTo(6);
    }
  }

  @Test
  void aDiscardedPrefixIsGoneFromAllGroups() {
    KvCache cache = cache(100, 100);
    BlockTable table = computed(cache, prompt(1, 20));
    cache.grow(table, 20, 21);
    cache.discardPrefix(prompt(1, 20), 20, false);
    assertThat(cachedTokens(cache, prompt(1, 20))).isZero();
    cache.release(table);
    assertThat(cache.cachedBlocks()).isZero();
    assertThat(cache.freeBlocks()).isEqualTo(200);
  }

  @Test
  void aRequestThatRepairsAPrefixIsItsOwnerToo() {
    KvCache cache = cache(100, 6);
    cache.release(computed(cache, prompt(1, 20)));
    cache.release(computed(cache, prompt(2, 20)));
    long repairing = number;
    cache.release(computed(cache, prompt(1, 20)));

    cache.discard(prompt(1, 20), 20, false, repairing);

    assertThat(cachedTokens(cache, prompt(1, 20))).isEqualTo(4);
  }
}
