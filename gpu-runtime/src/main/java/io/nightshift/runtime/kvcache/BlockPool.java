package io.nightshift.runtime.kvcache;

import java.util.BitSet;

/**
 * Pool of free KV cache blocks. A block has one owner at a time: the pool, the prefix tree or a
 * sequence.
 */
final class BlockPool {

  private final int[] free;
  private final BitSet allocated;
  private int freeCount;

  BlockPool(int blockCount) {
    free = new int[blockCount];
    allocated = new BitSet(blockCount);
    freeCount = blockCount;
    // A stack with block 0 on top: the block that was freed last is allocated first.
    for (int i = 0; i < blockCount; i++) {
      free[i] = blockCount - 1 - i;
    }
  }

  int freeCount() {
    return freeCount;
  }

  /**
   * Allocates a block.
   *
   * @throws IllegalStateException if no block is free; the caller must evict one first
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
   * Frees a block.
   *
   * @throws IllegalStateException if the block is not allocated
   */
  void free(int block) {
    if (!allocated.get(block)) {
      throw new IllegalStateException("block " + block + " is freed twice");
    }
    allocated.clear(block);
    free[freeCount++] = block;
  }
}
