package io.nightshift.runtime.kvcache;

/** The blocks of one sequence in each group. Created and modified by {@link KvCache} only. */
public final class BlockTable {

  /** Root of the tree in which the prefixes of the sequence are. */
  final PrefixNode root;

  /** The deepest node of the prefix tree on the path of the sequence's prompt. */
  PrefixNode node;

  /** The last step for which the sequence had blocks; -1 if there was none. */
  long lastStep = -1;

  /** The table of each group. */
  final GroupTable[] groups;

  BlockTable(PrefixNode root, int groups) {
    this.root = root;
    node = root;
    this.groups = new GroupTable[groups];
    for (int group = 0; group < groups; group++) {
      this.groups[group] = new GroupTable();
    }
  }

  /**
   * Returns the first {@code count} block numbers of each group, {@link
   * io.nightshift.runtime.runner.StepSequence#FREED} for blocks that have been freed.
   */
  public int[][] first(int count) {
    int[][] blocks = new int[groups.length][];
    for (int group = 0; group < blocks.length; group++) {
      blocks[group] = groups[group].first(count);
    }
    return blocks;
  }
}
