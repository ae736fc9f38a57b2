package io.nightshift.runtime.kvcache;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How blocks that sequences have filled become blocks of the prefix tree. */
final class PrefixInsertion {
  private final int blockSize;
  private final List<GroupBlocks> groups;
  private final PrefixTree tree;
  private final List<Runnable> freedAtEnd = new ArrayList<>();

  PrefixInsertion(int blockSize, List<GroupBlocks> groups, PrefixTree tree) {
    this.blockSize = blockSize;
    this.groups = groups;
    this.tree = tree;
  }

  /**
   * Inserts the prompt blocks that a step fills; see {@link KvCache#insert}.
   *
   * @param step number of the step
   * @return whether the sequence has gone over to blocks of others
   */
  boolean insert(
      BlockTable table, int[] tokens, int promptLength, int computed, long number, long step) {
    boolean shares = false;
    int end = Math.min(promptLength, computed);
    for (int from = table.node.depth * blockSize; from < end; from += blockSize) {
      int to = Math.min(from + blockSize, promptLength);
      if (to > end) {
        return shares;
      }
      int[] key = Arrays.copyOfRange(tokens, from, to);
      PrefixNode child = tree.child(table.node, key);
      if (child == null) {
        child = tree.insert(table.node, key, step);
      } else if (key.length < blockSize) {
        // Both sequences go on to write to their last blocks.
        return shares;
      }
      int index = table.node.depth;
      for (GroupBlocks group : groups) {
        shares |= share(table.groups[group.index], index, group, child, number, step);
      }
      table.node = child;
    }
    return shares;
  }

  /** Returns whether the table gets the block of another sequence. */
  private boolean share(
      GroupTable blocks, int index, GroupBlocks group, PrefixNode node, long number, long step) {
    if (index < blocks.freed()) {
      return false;
    }
    int own = blocks.get(index);
    CachedBlock cached = node.blocks[group.index];
    if (cached == null) {
      node.step = step;
      blocks.set(index, group.insert(node, own, number));
      return false;
    }
    group.hold(cached);
    group.use(cached, number);
    blocks.set(index, cached);
    // This step still writes to it.
    group.usedIn(step, own);
    freedAtEnd.add(() -> group.free(own));
    return true;
  }

  /**
   * Inserts the full blocks of a sequence that loses them; see {@link KvCache#keep}.
   *
   * @param step number of the step
   */
  void keep(BlockTable table, int[] tokens, int length, long number, long step) {
    PrefixNode tail = table.node;
    if (tail.detached) {
      return;
    }
    if (tail.parent != null && tail.tokens.length < blockSize) {
      // The sequence has written on to the last block of its prompt.
      for (GroupBlocks group : groups) {
        GroupTable blocks = table.groups[group.index];
        CachedBlock cached = tail.depth > blocks.freed() ? blocks.cached(tail.depth - 1) : null;
        if (cached != null) {
          group.takeBack(cached);
          blocks.takeBack(tail.depth - 1);
        }
      }
      table.node = tail.parent;
      tree.remove(tail);
    }
    int full = length / blockSize * blockSize;
    insert(table, tokens, full, full, number, step);
  }

  /** Frees the blocks of sequences that have gone over to those of others in the step. */
  void endStep() {
    freedAtEnd.forEach(Runnable::run);
    freedAtEnd.clear();
  }
}
