package io.nightshift.runtime.kvcache;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A radix tree over prompt token ids with one node a block (compare SGLang's RadixAttention, Zheng
 * et al., 2024). Whole blocks are found node by node; a match that ends inside a block is found by
 * the tokens that a child shares, down to one token.
 *
 * <p>Holding a node holds its ancestors, so the nodes that nobody holds are whole subtrees: all of
 * them can be evicted, leaves first.
 *
 * <p><b>Eviction</b> goes by the number of the latest request that is known to use a node, requests
 * being numbered in planned order. Numbers that have been passed go first, oldest first. Where rows
 * come in depth-first order of their prefixes this is optimal: what the following rows share is on
 * the path of the latest row, and all that is off this path is older and will not be asked for
 * again. Nodes that a request of the look-ahead still wants go last, the one that is wanted latest
 * first.
 *
 * <p>A <b>detached</b> subtree is not found any more. Whoever holds its nodes keeps them until the
 * release, and what is inserted below them is detached from the start.
 */
final class PrefixTree {

  private static final int[] NO_TOKENS = {};

  private final int blockSize;
  private final IntConsumer freed;
  private final PrefixNode root = new PrefixNode(null, NO_TOKENS, -1, -1, -1, -1);
  private final TreeSet<PrefixNode> evictableLeaves =
      new TreeSet<>(
          Comparator.<PrefixNode>comparingLong(node -> node.lastUse)
              .thenComparingLong(node -> node.serial));
  private int unreferenced;
  private int size;
  private long nextSerial;

  /**
   * An empty tree.
   *
   * @param freed takes the blocks of nodes that are gone
   */
  PrefixTree(int blockSize, IntConsumer freed) {
    this.blockSize = blockSize;
    this.freed = freed;
  }

  PrefixNode root() {
    return root;
  }

  /** Number of nodes, detached ones included, which is the number of blocks that the tree owns. */
  int size() {
    return size;
  }

  /** Number of nodes that nobody holds; {@link #evict} can free all of them. */
  int unreferenced() {
    return unreferenced;
  }

  /**
   * Finds the longest prefix of {@code tokens[0 .. limit)}. Whole blocks count as soon as they are
   * in the tree; a part of a block only where the block was filled before step {@code step},
   * because copies are made at the beginning of a step. Does not modify the tree.
   */
  PrefixMatch match(int[] tokens, int limit, long step) {
    PrefixNode node = root;
    int matched = 0;
    while (limit - matched >= blockSize) {
      PrefixNode child =
          node.children.get(Arrays.copyOfRange(tokens, matched, matched + blockSize));
      if (child == null) {
        break;
      }
      node = child;
      matched += blockSize;
    }
    int end = Math.min(limit, matched + blockSize);
    return matchInside(node, Arrays.copyOfRange(tokens, matched, end), step);
  }

  /**
   * Looks for the child of {@code node} that shares most leading tokens with {@code wanted}. Shared
   * tokens only get fewer with the distance from where {@code wanted} would be inserted, so the
   * search goes outwards from there over children that this step fills.
   */
  private static PrefixMatch matchInside(PrefixNode node, int[] wanted, long step) {
    PrefixNode best = null;
    int bestTokens = 0;
    Map.Entry<int[], PrefixNode> child = node.children.floorEntry(wanted);
    while (child != null && commonTokens(child.getKey(), wanted) > bestTokens) {
      if (child.getValue().step < step) {
        best = child.getValue();
        bestTokens = commonTokens(child.getKey(), wanted);
      }
      child = node.children.lowerEntry(child.getKey());
    }
    child = node.children.higherEntry(wanted);
    while (child != null && commonTokens(child.getKey(), wanted) > bestTokens) {
      if (child.getValue().step < step) {
        best = child.getValue();
        bestTokens = commonTokens(child.getKey(), wanted);
      }
      child = node.children.higherEntry(child.getKey());
    }
    return new PrefixMatch(node, best, bestTokens);
  }

  private static int commonTokens(int[] a, int[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }

  /** Notes that request {@code number} uses {@code node} and so all its ancestors. */
  void use(PrefixNode node, long number) {
    for (PrefixNode at = node; at != null && at != root; at = at.parent) {
      if (at.lastUse < number) {
        boolean listed = evictableLeaves.remove(at);
        at.lastUse = number;
        if (listed) {
          evictableLeaves.add(at);
        }
      }
    }
  }

  /** Keeps {@code node} and its ancestors from eviction until {@link #release}. */
  void hold(PrefixNode node) {
    for (PrefixNode at = node; at != null && at != root; at = at.parent) {
      if (at.references++ == 0) {
        unreferenced--;
        evictableLeaves.remove(at);
      }
    }
  }

  /** Undoes one {@link #hold}. */
  void release(PrefixNode node) {
    for (PrefixNode at = node; at != null && at != root; at = at.parent) {
      if (--at.references > 0) {
        continue;
      }
      if (at.detached) {
        free(at);
      } else {
        unreferenced++;
        listIfEvictable(at);
      }
    }
  }

  /**
   * Adds a child to {@code parent}, which the caller holds; the caller's hold moves on to the
   * child, and the tree owns the block from now on.
   *
   * @return the child, or null, with nothing changed, where {@code parent} has a child with the
   *     same tokens already
   */
  @Nullable PrefixNode insert(PrefixNode parent, int[] tokens, int block, long step, long number) {
    if (parent.children.containsKey(tokens)) {
      return null;
    }
    PrefixNode child = new PrefixNode(parent, tokens, block, step, nextSerial++, number);
    child.references = 1;
    parent.children.put(tokens, child);
    size++;
    return child;
  }

  /**
   * Detaches the first node on the path of {@code tokens[0 .. length)} whose owner is named, and
   * all nodes below it. Those that nobody holds are freed at once.
   */
  void detach(int[] tokens, int length, LongPredicate owners) {
    PrefixNode node = root;
    for (int from = 0; from < length; from += blockSize) {
      int to = Math.min(from + blockSize, length);
      node = node.children.get(Arrays.copyOfRange(tokens, from, to));
      if (node == null) {
        return;
      }
      if (owners.test(node.owner)) {
        unlink(node);
        detach(node);
        return;
      }
    }
  }

  private void detach(PrefixNode top) {
    Deque<PrefixNode> left = new ArrayDeque<>();
    left.add(top);
    while (!left.isEmpty()) {
      PrefixNode node = left.remove();
      left.addAll(node.children.values());
      node.detached = true;
      if (node.references == 0) {
        evictableLeaves.remove(node);
        unreferenced--;
        free(node);
      }
    }
  }

  /**
   * Removes the leaf that is worth least and frees its block.
   *
   * @param nextNumber number of the next request to be admitted
   * @throws IllegalStateException if every node is held
   */
  void evict(long nextNumber) {
    if (evictableLeaves.isEmpty()) {
      throw new IllegalStateException("all " + size + " blocks of the prefix tree are in use");
    }
    PrefixNode leaf = evictableLeaves.first();
    if (leaf.lastUse >= nextNumber) {
      leaf = evictableLeaves.last();
    }
    evictableLeaves.remove(leaf);
    unreferenced--;
    unlink(leaf);
    free(leaf);
  }

  private void unlink(PrefixNode node) {
    PrefixNode parent = node.parent;
    if (parent != null) {
      parent.children.remove(node.tokens);
      if (parent != root) {
        listIfEvictable(parent);
      }
    }
  }

  private void free(PrefixNode node) {
    size--;
    freed.accept(node.block);
  }

  private void listIfEvictable(PrefixNode node) {
    if (node.references == 0 && node.children.isEmpty()) {
      evictableLeaves.add(node);
    }
  }
}
