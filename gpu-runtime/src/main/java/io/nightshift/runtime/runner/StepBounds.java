package io.nightshift.runtime.runner;

import java.util.List;

/**
 * What the steps of a runner may refer to.
 *
 * @param vocabularySize number of token ids
 * @param maxPositions number of positions
 * @param blockSize tokens per KV cache block
 * @param groups KV cache blocks of each group
 * @param hostBlocks KV cache blocks in host memory
 */
public record StepBounds(
    int vocabularySize, int maxPositions, int blockSize, List<BlockGroup> groups, int hostBlocks) {

  public StepBounds {
    groups = List.copyOf(groups);
  }

  /** Bounds without host memory. */
  public StepBounds(int vocabularySize, int maxPositions, int blockSize, List<BlockGroup> groups) {
    this(vocabularySize, maxPositions, blockSize, groups, 0);
  }

  /** Bounds with one group of blocks, whose layers see the whole context. */
  public StepBounds(int vocabularySize, int maxPositions, int blockSize, int blockCount) {
    this(vocabularySize, maxPositions, blockSize, List.of(new BlockGroup(0, blockCount)));
  }

  /** The bounds of a runner. */
  public static StepBounds of(ModelRunner runner) {
    return new StepBounds(
        runner.config().vocabularySize(),
        runner.config().maxPositions(),
        runner.blockSize(),
        runner.blockGroups(),
        runner.hostBlocks().count());
  }
}
