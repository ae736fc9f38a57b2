package io.nightshift.runtime.kvcache;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;

/** Fills block tables of sequences with the blocks of prefixes that are in the tree. */
final class PrefixPaths {
  private final int blockSize;
  private final List<GroupBlocks> groups;

  PrefixPaths(int blockSize, List<GroupBlocks> groups) {
    this.blockSize = blockSize;
    this.groups = groups;
  }

  /**
   * Holds the path to a node, as far as a query behind it sees it. What is in host memory alone
   * stays there, and is missing from the table.
   *
   * @param table an empty table
   */
  void hold(BlockTable table, PrefixNode node) {
    table.node = node;
    for (GroupBlocks group : groups) {
      GroupTable blocks = table.groups[group.index];
      blocks.beginFreed(node.depth);
      int firstSeen = group.group.firstBlock(node.depth * blockSize, blockSize);
      PrefixNode at = node;
      while (at != null && at.depth > firstSeen) {
        CachedBlock cached = at.blocks[group.index];
        if (cached != null) {
          group.hold(cached);
          blocks.restore(cached);
        } else if (at.has(group.index)) {
          blocks.restoreMissing();
        } else {
          throw new IllegalStateException("a prefix without a block that its queries see");
        }
        at = at.parent;
      }
    }
  }

  /**
   * Copies what is missing from a table from host memory, and holds it.
   *
   * @param node the node to which {@link #hold} has held the path
   * @param allocate returns a block of a group, for which another one may be evicted
   */
  void load(HostTier host, BlockTable table, PrefixNode node, ToIntFunction<GroupBlocks> allocate) {
    // Before the first block is allocated, for which others go to the host.
    for (PrefixNode at = node; at.parent != null; at = at.parent) {
      if (at.host != null && isMissing(table, at)) {
        host.hold(at.host);
      }
    }
    for (GroupBlocks group : groups) {
      GroupTable blocks = table.groups[group.index];
      PrefixNode at = node;
      for (int index = node.depth - 1; index >= blocks.freed(); index--) {
        if (blocks.isMissing(index)) {
          blocks.set(index, host.load(at, group, allocate.applyAsInt(group)));
        }
        at = Objects.requireNonNull(at.parent, "a node above the root");
      }
    }
  }

  private static boolean isMissing(BlockTable table, PrefixNode node) {
    return Arrays.stream(table.groups).anyMatch(blocks -> blocks.isMissing(node.depth - 1));
  }
}
