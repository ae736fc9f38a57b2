package io.nightshift.runtime.runner;

/** Checks that a step refers to nothing that does not exist. */
final class StepChecker {
  private final StepBounds bounds;
  private final int requestsBefore;

  /**
   * @param requestsBefore number of logits requests of the previous step
   */
  StepChecker(StepBounds bounds, int requestsBefore) {
    this.bounds = bounds;
    this.requestsBefore = requestsBefore;
  }

  /**
   * @param index index of the sequence, for messages
   * @throws IllegalArgumentException if something does not exist
   */
  void check(StepSequence sequence, int index) {
    int length = sequence.tokens().length;
    if (length == 0 || length > sequence.contextLength() || sequence.treeSize() > length) {
      throw new IllegalArgumentException(
          "Sequence %s has %s query tokens, %s of them in a tree, in a context of %s"
              .formatted(index, length, sequence.treeSize(), sequence.contextLength()));
    }
    for (int token : sequence.tokens()) {
      if (token < StepSequence.sampledBefore(requestsBefore - 1)
          || token >= bounds.vocabularySize()) {
        throw new IllegalArgumentException(
            "Sequence %s has token id %s; the vocabulary has %s"
                .formatted(index, token, bounds.vocabularySize()));
      }
    }
    checkBlockTables(sequence, index);
    int[] parents = sequence.treeParents();
    for (int n = 0; parents != null && n < parents.length; n++) {
      if (parents[n] < -1 || parents[n] >= n) {
        throw new IllegalArgumentException(
            "Tree node %s of sequence %s names node %s as its parent"
                .formatted(n, index, parents[n]));
      }
    }
  }

  private void checkBlockTables(StepSequence sequence, int index) {
    int groups = bounds.groups().size();
    if (sequence.blockTables().length != groups && sequence.blockTables().length != 1) {
      throw new IllegalArgumentException(
          "Sequence %s has %s block tables; the cache has %s groups"
              .formatted(index, sequence.blockTables().length, groups));
    }
    for (int group = 0; group < groups; group++) {
      checkBlocks(sequence, index, sequence.blocks(group), bounds.groups().get(group));
    }
  }

  /** Blocks before the first one that a query token sees may have been freed. */
  private void checkBlocks(StepSequence sequence, int index, int[] blocks, BlockGroup group) {
    int blockSize = bounds.blockSize();
    int needed = (sequence.contextLength() + blockSize - 1) / blockSize;
    if (blocks.length < needed) {
      throw new IllegalArgumentException(
          "Sequence %s has %s blocks of %s tokens for a context of %s"
              .formatted(index, blocks.length, blockSize, sequence.contextLength()));
    }
    int firstQuery = sequence.contextLength() - sequence.tokens().length;
    int firstSeen = group.firstBlock(firstQuery, blockSize);
    for (int i = 0; i < needed; i++) {
      if (i >= firstSeen || blocks[i] != StepSequence.FREED) {
        checkBlock(blocks[i], group.blockCount());
      }
    }
  }

  /**
   * @throws IllegalArgumentException if a block does not exist
   */
  void check(BlockCopy copy) {
    checkGroup(copy.group(), copy);
    int blockCount = bounds.groups().get(copy.group()).blockCount();
    checkBlock(copy.source(), blockCount);
    checkBlock(copy.target(), blockCount);
    if (copy.tokens() < 0 || copy.tokens() > bounds.blockSize()) {
      throw new IllegalArgumentException(
          copy + " copies more than a block of " + bounds.blockSize() + " tokens");
    }
  }

  /**
   * @throws IllegalArgumentException if a block does not exist
   */
  void check(HostCopy copy) {
    checkGroup(copy.group(), copy);
    checkBlock(copy.block(), bounds.groups().get(copy.group()).blockCount());
    if (copy.hostBlock() < 0 || copy.hostBlock() >= bounds.hostBlocks()) {
      throw new IllegalArgumentException(
          copy + " names a block that host memory does not have; it has " + bounds.hostBlocks());
    }
  }

  private void checkGroup(int group, Object copy) {
    if (group < 0 || group >= bounds.groups().size()) {
      throw new IllegalArgumentException(
          copy + " is in none of the " + bounds.groups().size() + " groups of the cache");
    }
  }

  private static void checkBlock(int block, int blockCount) {
    if (block < 0 || block >= blockCount) {
      throw new IllegalArgumentException(
          "Block " + block + " does not exist; the cache has " + blockCount);
    }
  }
}
