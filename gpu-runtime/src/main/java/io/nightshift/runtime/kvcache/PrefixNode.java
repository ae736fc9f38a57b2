package io.nightshift.runtime.kvcache;

import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One block of the prefix tree: the keys and values of {@code tokens} after the tokens of all its
 * ancestors. A node with fewer tokens than the block size is the end of a prompt and has no
 * children.
 *
 * <p>Children are sorted by token ids, so that the child with the longest common prefix with some
 * tokens is next to the position at which these would be inserted.
 */
final class PrefixNode {

  final @Nullable PrefixNode parent;
  final int[] tokens;
  final int block;

  /** Number of blocks from the root to this node, inclusive; 0 for the root. */
  final int depth;

  /** The step whose forward pass fills the block. */
  final long step;

  /** Number of the request that computes the block. */
  final long owner;

  /** Creation order. Breaks ties, so that eviction is deterministic. */
  final long serial;

  final NavigableMap<int[], PrefixNode> children = new TreeMap<>(Arrays::compare);

  /** Number of holds on this node or on a node below it. */
  int references;

  /** Number of the last request that is known to use this node. */
  long lastUse;

  /** Whether the node has been removed from the tree, and is freed once it is released. */
  boolean detached;

  PrefixNode(
      @Nullable PrefixNode parent, int[] tokens, int block, long step, long serial, long owner) {
    this.parent = parent;
    this.tokens = tokens;
    this.block = block;
    this.depth = parent == null ? 0 : parent.depth + 1;
    this.step = step;
    this.serial = serial;
    this.owner = owner;
    this.lastUse = owner;
    this.detached = parent != null && parent.detached;
  }
}
