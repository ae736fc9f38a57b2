package io.nightshift.runtime.kvcache;

import java.util.Arrays;

/**
 * The blocks of one sequence, in context order: first those of a path of the prefix tree, which the
 * sequence holds, then its own. Made and changed by {@link KvCache} only.
 */
public final class BlockTable {

  private int[] blocks = {};
  private int size;

  /** The deepest tree node that the sequence holds; its depth is the number of tree blocks. */
  PrefixNode node;

  BlockTable(PrefixNode root) {
    node = root;
  }

  /** Number of blocks. */
  public int size() {
    return size;
  }

  /** The first {@code count} block numbers. */
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

  void clear(PrefixNode root) {
    size = 0;
    node = root;
  }
}
