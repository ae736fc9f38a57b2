package io.nightshift.runtime.kvcache;

import java.util.Arrays;

/**
 * The blocks of one sequence, in context order: first the blocks of a path of the prefix tree,
 * which the sequence holds, then its own blocks. Created and modified by {@link KvCache} only.
 */
public final class BlockTable {

  private final PrefixNode root;
  private int[] blocks = {};
  private int size;

  /**
   * The deepest node of the prefix tree that the sequence holds. Its depth is the number of blocks
   * from the tree.
   */
  PrefixNode node;

  BlockTable(PrefixNode root) {
    this.root = root;
    node = root;
  }

  /** Number of blocks. */
  public int size() {
    return size;
  }

  /** Returns the first {@code count} block numbers. */
  public int[] first(int count) {
    if (count > size) {
      throw new IllegalArgumentException("the block table has " + size + " blocks, not " + count);
    }
    return Arrays.copyOf(blocks, count);
  }

  int get(int index) {
    return blocks[index];
  }

  void add(int block) {
    if (size == blocks.length) {
      blocks = Arrays.copyOf(blocks, Math.max(8, 2 * size));
    }
    blocks[size++] = block;
  }

  void clear() {
    size = 0;
    node = root;
  }
}
