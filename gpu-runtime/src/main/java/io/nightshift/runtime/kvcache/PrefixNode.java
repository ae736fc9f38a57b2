package io.nightshift.runtime.kvcache;

import java.util.Arrays;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One node of the prefix tree: the keys and values of {@code tokens} after the tokens of all its
 * ancestors, in a block of each group. A node with fewer tokens than the block size is the end of a
 * prompt and has no children.
 *
 * <p>Children are sorted by token ids, so that the child with the longest common prefix with some
 * tokens is next to the position at which these would be inserted.
 */
final class PrefixNode {

  final @Nullable PrefixNode parent;
  final int[] tokens;

  /** Number of nodes from the root to this node, without the root. */
  final int depth;

  /** Creation order. Breaks ties, so that eviction is deterministic. */
  final long serial;

  final NavigableMap<int[], PrefixNode> children = new TreeMap<>(Arrays::compare);

  /**
   * The block on the device in each group; null where it has been evicted. Without host memory,
   * never null in a group without a sliding window, as long as the node is in the tree.
   */
  final @Nullable CachedBlock[] blocks;

  /** Number of children with a block in the group without a sliding window. */
  int residentChildren;

  /** Hash of the tokens from the root to the end of this node. */
  final long hash;

  /** The copy in host memory; null if there is none. */
  @Nullable HostBlock host;

  /** Number of the next waiting request that is known to use the node. */
  long nextUse = NextUses.NONE;

  /** The last step whose forward pass fills one of the blocks. */
  long step;

  /** Whether the node has been removed from the tree, and its blocks are freed once released. */
  boolean detached;

  PrefixNode(@Nullable PrefixNode parent, int[] tokens, int groups, long step, long serial) {
    this(parent, tokens, groups, step, serial, 0);
  }

  PrefixNode(
      @Nullable PrefixNode parent, int[] tokens, int groups, long step, long serial, long hash) {
    this.parent = parent;
    this.tokens = tokens;
    this.blocks = new CachedBlock[groups];
    this.depth = parent == null ? 0 : parent.depth + 1;
    this.step = step;
    this.serial = serial;
    this.hash = hash;
    this.detached = parent != null && parent.detached;
  }

  boolean hasAllBlocks() {
    return Arrays.stream(blocks).allMatch(Objects::nonNull);
  }

  /** Whether the keys and values of a group are on the device or in host memory. */
  boolean has(int group) {
    return blocks[group] != null || (host != null && host.has(group));
  }

  boolean hasNothing() {
    return host == null && hasNoBlocks();
  }

  private boolean hasNoBlocks() {
    return Arrays.stream(blocks).allMatch(Objects::isNull);
  }
}
