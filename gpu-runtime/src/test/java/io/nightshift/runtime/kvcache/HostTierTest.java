package io.nightshift.runtime.kvcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.HostBlocks;
import io.nightshift.runtime.runner.HostCopy;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A device with room for two prompts of two blocks, in most tests. */
class HostTierTest {
  private static final int BLOCK_SIZE = 4;
  private static final int PROMPT_TOKENS = 8;

  private long number;

  private static KvCache cache(int hostBlocks) {
    return cache(4, hostBlocks);
  }

  private static KvCache cache(int blocks, int hostBlocks) {
    return new KvCache(
        List.of(new BlockGroup(0, blocks)),
        BLOCK_SIZE,
        Integer.MAX_VALUE,
        new HostBlocks(hostBlocks, List.of(10L)));
  }

  private static int[] prompt(int first) {
    return IntStream.range(0, PROMPT_TOKENS).map(i -> 100 * first + i).toArray();
  }

  /** Computes a prompt in a step of its own, and returns the copies of the step. */
  private List<HostCopy> compute(KvCache cache, int first) {
    cache.beginStep(number);
    BlockTable table = cache.newTable();
    int[] prompt = prompt(first);
    assertThat(cache.admit(table, prompt, PROMPT_TOKENS, PROMPT_TOKENS, 0, number)).isNotNegative();
    assertThat(cache.grow(table, 0, PROMPT_TOKENS)).isTrue();
    cache.insert(table, prompt, PROMPT_TOKENS, PROMPT_TOKENS, number++);
    List<HostCopy> copies = cache.endStep().host();
    cache.release(table);
    return copies;
  }

  /** Number of cached tokens of a prompt with one more token. */
  private int cached(KvCache cache, int first) {
    cache.beginStep(number);
    int[] longer = IntStream.rangeClosed(0, PROMPT_TOKENS).map(i -> 100 * first + i).toArray();
    BlockTable table = cache.newTable();
    int cached = cache.admit(table, longer, longer.length, longer.length, 0, number);
    cache.endStep();
    cache.release(table);
    return cached;
  }

  @Test
  void whatIsEvictedComesBackInTheOrderInWhichBlocksGetFree() {
    KvCache cache = cache(10);
    assertThat(compute(cache, 1)).isEmpty();
    assertThat(compute(cache, 2)).isEmpty();
    assertThat(compute(cache, 3)).extracting(HostCopy::toHost).containsExactly(true, true);

    // The blocks of the second prompt leave first, and those of the first one come to them.
    cache.beginStep(number);
    int[] longer = IntStream.rangeClosed(0, PROMPT_TOKENS).map(i -> 100 + i).toArray();
    BlockTable table = cache.newTable();
    assertThat(cache.admit(table, longer, longer.length, longer.length, 0, number)).isEqualTo(8);
    List<HostCopy> copies = cache.endStep().host();
    assertThat(copies).extracting(HostCopy::toHost).containsExactly(true, false, true, false, true);
    assertThat(copies.get(1).block()).isEqualTo(copies.get(0).block());
    assertThat(copies.get(3).block()).isEqualTo(copies.get(2).block());
    assertThat(cache.hostCounts()).isEqualTo(new HostCounts(8, 50, 20, 5, 10));
  }

  @Test
  void whatIsInBothMemoriesIsNotCopiedAgain() {
    KvCache cache = cache(10);
    compute(cache, 1);
    compute(cache, 2);
    compute(cache, 3);
    cached(cache, 1);
    long bytes = cache.hostCounts().bytesToHost();
    compute(cache, 2);
    compute(cache, 3);

    assertThat(cached(cache, 1)).isEqualTo(8);
    assertThat(cache.hostCounts().bytesToHost()).isLessThanOrEqualTo(bytes + 20);
  }

  @Test
  void theHostKeepsWhatIsUsedSoonest() {
    // With a block for the last token of those that ask.
    KvCache cache = cache(5, 2);
    cache.announce(prompt(2), PROMPT_TOKENS + 1, false, 100);
    cache.announce(prompt(1), PROMPT_TOKENS + 1, false, 101);
    compute(cache, 1);
    compute(cache, 2);
    compute(cache, 3);
    compute(cache, 4);
    compute(cache, 5);

    // Of five prompts, the device holds one that is used again, and the host the other.
    assertThat(cached(cache, 2)).isEqualTo(8);
    assertThat(cached(cache, 1)).isEqualTo(8);
    cache.withdraw(prompt(1), PROMPT_TOKENS + 1, false, 101);
    compute(cache, 6);
    compute(cache, 7);
    compute(cache, 8);
    assertThat(cached(cache, 1)).isZero();
    assertThat(cached(cache, 2)).isEqualTo(8);
  }

  @Test
  void aDiscardedPrefixIsGoneFromTheHostToo() {
    KvCache cache = cache(10);
    compute(cache, 1);
    compute(cache, 2);
    compute(cache, 3);
    assertThat(cache.hostCounts().usedBlocks()).isEqualTo(2);

    cache.discard(prompt(1), PROMPT_TOKENS, false, 0);

    assertThat(cache.hostCounts().usedBlocks()).isZero();
    assertThat(cached(cache, 1)).isZero();
  }

  @Test
  void aSequenceThatLosesItsBlocksFindsItsOutputAgain() {
    KvCache cache = cache(10);
    int[] tokens = IntStream.range(0, 13).toArray();
    int promptLength = 6;
    cache.beginStep(number);
    BlockTable table = cache.newTable();
    cache.admit(table, tokens, promptLength, tokens.length, 0, number);
    cache.grow(table, 0, tokens.length);
    cache.insert(table, tokens, promptLength, promptLength, number);
    cache.endStep();

    cache.beginStep(number);
    cache.keep(table, tokens, tokens.length - 1, number);
    cache.release(table);
    cache.endStep();

    cache.beginStep(number);
    BlockTable again = cache.newTable();
    assertThat(cache.admit(again, tokens, tokens.length, tokens.length, 0, number)).isEqualTo(12);
    assertThat(cache.endStep().blocks()).isEmpty();
  }
}
