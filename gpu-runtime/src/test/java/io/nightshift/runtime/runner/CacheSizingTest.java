package io.nightshift.runtime.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.CacheGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CacheSizingTest {

  private static CacheSizing sizing(int blockSize, int running, int stepTokens, int... windows) {
    List<CacheGroup> groups = new ArrayList<>();
    for (int window : windows) {
      groups.add(new CacheGroup(window, List.of(groups.size())));
    }
    return new CacheSizing(groups, blockSize, running, stepTokens);
  }

  @Test
  void aGroupWithAWindowHasNoMoreThanAllSequencesNeed() {
    CacheSizing sizing = sizing(16, 256, 8192, 0, 128);

    // A window of 128 tokens and the next one touch ten blocks, and one more may begin.
    assertThat(sizing.ofTokens(1_000_000))
        .containsExactly(new BlockGroup(0, 62_500), new BlockGroup(128, 256 * 11 + 512));
    assertThat(sizing.ofTokens(1_000))
        .containsExactly(new BlockGroup(0, 63), new BlockGroup(128, 63));
  }

  @Test
  void windowsThatAreLongBesideASequenceTakeAsMuchAsTheFirstGroup() {
    CacheSizing sizing = sizing(16, 2048, 1024, 0, 4096, 1024, 128);

    // 781 sequences of 2048 tokens, with windows of 67 blocks; at least a quarter.
    assertThat(sizing.ofTokens(1_600_000))
        .containsExactly(
            new BlockGroup(0, 100_000),
            new BlockGroup(4096, 100_000),
            new BlockGroup(1024, 781 * 67 + 64),
            new BlockGroup(128, 22_528 + 64));
    assertThat(sizing.ofTokens(800_000).get(3)).isEqualTo(new BlockGroup(128, 12_500 + 64));
  }

  @Test
  void withoutAFullGroupTheFirstOneHasAllOfTheMemory() {
    CacheSizing sizing = sizing(16, 1, 64, 4096);

    List<BlockGroup> groups = sizing.ofBytes(1 << 20, 1 << 8);

    assertThat(groups).containsExactly(new BlockGroup(4096, 1 << 12));
    assertThat(sizing.maxTokens(groups)).isEqualTo(Integer.MAX_VALUE);
    assertThat(sizing.maxTokens(sizing.ofTokens(4096))).isEqualTo(4096);
  }

  @Test
  void theMemoryIsUsedAndNotExceededAndNoGroupLimitsWhatFitsTheFirst() {
    Random random = new Random(5);
    for (int round = 0; round < 2000; round++) {
      int[] windows =
          IntStream.concat(
                  IntStream.of(random.nextBoolean() ? 0 : 5000),
                  random.ints(random.nextInt(3), 1, 5000).distinct().sorted())
              .toArray();
      CacheSizing sizing =
          sizing(
              1 + random.nextInt(64), 1 + random.nextInt(300), 1 + random.nextInt(9000), windows);
      long layerBytes = 1 + random.nextInt(10_000);
      long bytes = layerBytes * (windows.length + random.nextInt(200_000));

      List<BlockGroup> groups = sizing.ofBytes(bytes, layerBytes);

      assertThat(sizing.layerBlocks(groups) * layerBytes).isLessThanOrEqualTo(bytes);
      long tokens = (long) groups.get(0).blockCount() * sizing.blockSize();
      assertThat(sizing.ofTokens(tokens)).isEqualTo(groups);
      assertThat(sizing.layerBlocks(sizing.ofTokens(tokens + 1)) * layerBytes).isGreaterThan(bytes);
      assertThat(sizing.maxTokens(groups))
          .isEqualTo(groups.get(0).maxTokens(sizing.stepTokens(), sizing.blockSize()));
    }
  }
}
