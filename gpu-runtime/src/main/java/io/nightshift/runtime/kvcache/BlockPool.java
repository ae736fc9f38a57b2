package io.nightshift.runtime.kvcache;

import java.util.BitSet;

/** The free KV cache blocks. A block has one owner at a time: the pool, the tree or a sequence. */
final class BlockPool {

  private final int[] free;
  private final BitSet allocated;
  private int freeCount;

  BlockPool(int blockCount) {
    free = new int[blockCount];
    allocated = new BitSet(blockCount);
    freeCount = blockCount;
    // A stack with block 0 on top: what was freed last is handed out first.
    for (int i = 0; i < blockCount; i++) {
      free[i] = blockCount - 1 - i;
    }
  }

  int freeCount() {
    return freeCount;
  }

  /**
   * Hands out a block.
   *
   * @throws IllegalStateException if there is none: the caller has to make room first
   */
  int allocate() {
    if (freeCount == 0) {
      throw new IllegalStateException("no free block among " + free.length);
    }
    int block = free[--freeCount];
    allocated.set(block);
    return block;
  }

  /**
   * Takes a block back.
   *
   * @throws IllegalStateException if the block is not handed out
   */
  void free(int block) {
    if (!allocated.get(block)) {
      throw new IllegalStateException("block " + block + " is freed twice");
    }
    allocated.clear(block);
    free[freeCount++] = block;
  }
}
