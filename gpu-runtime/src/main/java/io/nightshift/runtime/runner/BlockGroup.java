package io.nightshift.runtime.runner;

/**
 * The blocks of one group of layers that have the same sliding window (vLLM calls it a KV cache
 * group). A group has its own blocks and block tables: a block holds the keys and values of the
 * layers of its group only.
 *
 * @param slidingWindow number of most recent positions that a query sees, its own included; 0 for
 *     all
 * @param blockCount number of blocks of the group
 */
public record BlockGroup(int slidingWindow, int blockCount) {

  public BlockGroup {
    if (slidingWindow < 0 || blockCount < 0) {
      throw new IllegalArgumentException(
          "a group of %s blocks with a sliding window of %s positions"
              .formatted(blockCount, slidingWindow));
    }
  }

  /** Whether a query sees its whole context. */
  public boolean seesAll() {
    return slidingWindow == 0;
  }

  /** Index in a block table of the first block that a query at {@code position} sees. */
  public int firstBlock(int position, int blockSize) {
    return seesAll() ? 0 : Math.max(0, position - slidingWindow + 1) / blockSize;
  }

  /**
   * Maximum number of blocks that a sequence of {@code length} tokens holds, if a step computes at
   * most {@code stepTokens} of them and blocks that no query sees any more are freed before.
   */
  public int mostHeld(long length, int stepTokens, int blockSize) {
    long all = blocksFor(length, blockSize);
    return (int) (seesAll() ? all : Math.min(all, heldInWindow(stepTokens, blockSize)));
  }

  /**
   * Maximum number of tokens of a sequence, so that it can be computed with the blocks of this
   * group alone; {@link Integer#MAX_VALUE} if there is no limit.
   *
   * @param stepTokens maximum number of tokens per step
   */
  public int maxTokens(int stepTokens, int blockSize) {
    boolean unlimited = !seesAll() && heldInWindow(stepTokens, blockSize) <= blockCount;
    return unlimited
        ? Integer.MAX_VALUE
        : (int) Math.min(Integer.MAX_VALUE, (long) blockCount * blockSize);
  }

  /** The first block and the last one may each hold a single token that is needed. */
  private long heldInWindow(int stepTokens, int blockSize) {
    return blocksFor((long) slidingWindow + stepTokens, blockSize) + 1;
  }

  private static long blocksFor(long tokens, int blockSize) {
    return (tokens + blockSize - 1) / blockSize;
  }
}
