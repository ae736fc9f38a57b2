package io.nightshift.runtime.runner;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.CacheGroup;
import io.nightshift.runtime.model.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides the memory of a KV cache among the groups of layers. The first group, whose layers see
 * the most, decides how many tokens the cache holds. Any other one has as many blocks, but not more
 * than the largest number of sequences needs at a time: each of them a window and two blocks
 * besides, the second of which a step may begin, and all together the tokens of a step. Where that
 * is less, the others get the memory.
 *
 * <p>A sequence that fits the first group fits the others, too: their blocks hold either as many
 * tokens, or any window and any step ({@link BlockGroup#maxTokens}).
 *
 * @param groups {@link ModelConfig#cacheGroups}
 * @param blockSize tokens per block
 * @param runningSequences maximum number of sequences that have blocks at a time
 * @param stepTokens maximum number of tokens per step
 */
public record CacheSizing(
    List<CacheGroup> groups, int blockSize, int runningSequences, int stepTokens) {

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

  private BlockGroup limited(BlockGroup group) {
    long each = group.mostHeld(Integer.MAX_VALUE, 1, blockSize) + 1L;
    long step = (stepTokens + blockSize - 1L) / blockSize;
    long most = runningSequences * each + step;
    return new BlockGroup(group.slidingWindow(), (int) Math.min(group.blockCount(), most));
  }
}
