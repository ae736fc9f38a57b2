package io.nightshift.runtime.runner;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.CacheGroup;
import io.nightshift.runtime.model.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides the memory of a KV cache among the groups of layers. The first group, whose layers see
 * the most, decides how many tokens the cache holds. Any other one has blocks for the tokens of a
 * step, and for the windows of as many sequences
 *
 * <ul>
 *   <li>as may run at a time,
 *   <li>or as fill the first group, if each has {@value #SEQUENCE_TOKENS} tokens. In any case it
 *       has a quarter of the blocks of the first group: sequences that are shorter need more
 *       windows for as many tokens, and then fewer of them run at a time,
 * </ul>
 *
 * <p>whichever is less, and not more blocks than the first group. A sequence that fits the first
 * group fits the others, too: their blocks hold either as many tokens, or any window and any step
 * ({@link BlockGroup#maxTokens}).
 *
 * @param groups {@link ModelConfig#cacheGroups}
 * @param blockSize tokens per block
 * @param runningSequences maximum number of sequences that have blocks at a time
 * @param stepTokens maximum number of tokens per step
 */
public record CacheSizing(
    List<CacheGroup> groups, int blockSize, int runningSequences, int stepTokens) {

  private static final int SEQUENCE_TOKENS = 2048;

  /** Part of the first group's blocks that any other group has at least. */
  private static final int MIN_FRACTION = 4;

  public CacheSizing {
    groups = List.copyOf(groups);
  }

  /** The sizing of a runner's cache. */
  public static CacheSizing of(ModelConfig model, EngineConfig options) {
    return new CacheSizing(
        model.cacheGroups(),
        options.blockSize(),
        options.maxRunningSequences(),
        options.maxStepTokens());
  }

  /** The groups of a cache that holds {@code tokens} tokens, rounded up to whole blocks. */
  public List<BlockGroup> ofTokens(long tokens) {
    return ofBlocks(Math.min(maxBlocks(), (tokens + blockSize - 1) / blockSize));
  }

  /**
   * The groups of a cache of so many bytes, with at least one block each.
   *
   * @param layerBytes bytes of the keys and values of one block in one layer
   */
  public List<BlockGroup> ofBytes(long bytes, long layerBytes) {
    long fits = 1;
    long tooMany = maxBlocks() + 1L;
    while (tooMany - fits > 1) {
      long blocks = (fits + tooMany) / 2;
      if (layerBlocks(ofBlocks(blocks)) <= bytes / layerBytes) {
        fits = blocks;
      } else {
        tooMany = blocks;
      }
    }
    return ofBlocks(fits);
  }

  /** Number of blocks of all layers together. A block of a group is one of each of its layers. */
  public long layerBlocks(List<BlockGroup> sized) {
    long blocks = 0;
    for (int group = 0; group < sized.size(); group++) {
      blocks += (long) groups.get(group).layers().size() * sized.get(group).blockCount();
    }
    return blocks;
  }

  /** Maximum number of tokens of a sequence; {@link Integer#MAX_VALUE} if there is no limit. */
  public int maxTokens(List<BlockGroup> sized) {
    return sized.stream()
        .mapToInt(group -> group.maxTokens(stepTokens, blockSize))
        .min()
        .orElse(Integer.MAX_VALUE);
  }

  private long maxBlocks() {
    return Integer.MAX_VALUE / blockSize;
  }

  private List<BlockGroup> ofBlocks(long blocks) {
    List<BlockGroup> sized = new ArrayList<>();
    for (CacheGroup group : groups) {
      BlockGroup all = new BlockGroup(group.slidingWindow(), Math.toIntExact(blocks));
      sized.add(sized.isEmpty() ? all : limited(all));
    }
    return sized;
  }

  private BlockGroup limited(BlockGroup all) {
    // The window, and a block that the next step may begin.
    long each = all.mostHeld(Integer.MAX_VALUE, 1, blockSize) + 1L;
    long step = (stepTokens + blockSize - 1L) / blockSize;
    long sequences = (long) all.blockCount() * blockSize / SEQUENCE_TOKENS;
    long filling = Math.max(all.blockCount() / MIN_FRACTION, Math.max(1, sequences) * each);
    long blocks = Math.min(runningSequences * each, filling) + step;
    return new BlockGroup(all.slidingWindow(), (int) Math.min(all.blockCount(), blocks));
  }
}
