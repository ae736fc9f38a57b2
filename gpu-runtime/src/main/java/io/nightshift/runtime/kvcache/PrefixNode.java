package io.nightshift.runtime.kvcache;

import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One block of the prefix tree: the keys and values of {@code tokens} behind the tokens of all its
 * ancestors. A node with fewer tokens than a block holds is the end of a prompt; it has no
 * children.
 *
 * <p>Children are sorted by token ids, so the child that shares most with given tokens is a
 * neighbour of where they would be inserted.
 */
final class PrefixNode {

  final @Nullable PrefixNode parent;
  final int[] tokens;
  final int block;

  /** Blocks from the root down to here, this one included; 0 for the root. */
  final int depth;

  /** The step whose forward pass fills the block. */
  final long step;

  /** Number of the request whose tokens that pass computes. */
  final long owner;

  /** Creation order: a tie-break that makes eviction deterministic. */
  final long serial;

  final NavigableMap<int[], PrefixNode> children = new TreeMap<>(Arrays::compare);

  /** Holders of this node or of a node below it. */
  int references;

  /** Number of the latest request that is known to use this node. */
  long lastUse;

  /** Whether the node is out of the tree and only waits for its holders. */
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
