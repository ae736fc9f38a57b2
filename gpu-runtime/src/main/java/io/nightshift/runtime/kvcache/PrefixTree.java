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
 * A radix tree of prompt token ids with one node per block (compare SGLang's RadixAttention, Zheng
 * et al., 2024). Full blocks match node by node. Inside the last block, a match may end after any
 * token.
 *
 * <p>Holding a node holds its ancestors. The nodes that are not held are therefore complete
 * subtrees, and all of them can be evicted, leaves first.
 *
 * <p><b>Eviction</b> depends on the number of the last request that is known to use a node.
 * Requests are numbered in planned order. Nodes that no waiting request uses are evicted first,
 * oldest first. If rows arrive in the depth-first order of their prefixes, this is optimal: what
 * the following rows share is on the path of the last row, and nodes off this path are older and
 * not needed again. Nodes that a request of the look-ahead needs are evicted last, beginning with
 * the one that is needed last.
 *
 * <p>A <b>detached</b> subtree is no longer found. Nodes that are held stay until they are
 * released, and nodes that are inserted below them are detached from the start.
 */
final class PrefixTree {

  private static final int[] NO_TOKENS = {};

  private final int blockSize;
  private final IntConsumer freed;
  private final PrefixNode root = new PrefixNode(null, NO_TOKENS, -1, -1, -1, -1);
  private final PrefixNode longRoot = new PrefixNode(null, NO_TOKENS, -1, -1, -1, -1);
  private final TreeSet<PrefixNode> evictableLeaves =
      new TreeSet<>(
          Comparator.<PrefixNode>comparingLong(node -> node.lastUse)
              .thenComparingLong(node -> node.serial));
  private int unreferenced;
  private int size;
  private long nextSerial;

  /**
   * Creates an empty tree.
   *
   * @param freed is called with the block of each node that is removed
   */
  PrefixTree(int blockSize, IntConsumer freed) {
    this.blockSize = blockSize;
    this.freed = freed;
  }

  /**
   * The root of the prefixes of sequences whose rotary factors are those of long sequences, or of
   * all others.
   */
  PrefixNode root(boolean longContext) {
    return longContext ? longRoot : root;
  }

  /** Number of nodes, detached nodes included. Equals the number of blocks that the tree owns. */
  int size() {
    return size;
  }

  /** Number of nodes that are not held. {@link #evict} can free all of them. */
  int unreferenced() {
    return unreferenced;
  }

  /**
   * Finds the longest prefix of {@code tokens[0 .. limit)}. Full blocks match as soon as they are
   * in the tree. A part of a block matches only if the block was filled before step {@code step},
   * because blocks are copied at the beginning of a step. Does not modify the tree.
   */
  PrefixMatch match(PrefixNode root, int[] tokens, int limit, long step) {
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
   * Finds the child of {@code node} with the longest common prefix with {@code wanted}. The common
   * prefix shrinks with the distance from the position at which {@code wanted} would be inserted,
   * so the search starts there and proceeds in both directions, past children that this step fills.
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

  /** Records that request {@code number} uses {@code node} and all its ancestors. */
  void use(PrefixNode node, long number) {
    for (PrefixNode at = node; at.parent != null; at = at.parent) {
      if (at.lastUse < number) {
        boolean listed = evictableLeaves.remove(at);
        at.lastUse = number;
        if (listed) {
          evictableLeaves.add(at);
        }
      }
    }
  }

  /** Protects {@code node} and its ancestors from eviction until {@link #release}. */
  void hold(PrefixNode node) {
    for (PrefixNode at = node; at.parent != null; at = at.parent) {
      if (at.references++ == 0) {
        unreferenced--;
        evictableLeaves.remove(at);
      }
    }
  }

  /** Undoes one {@link #hold}. */
  void release(PrefixNode node) {
    for (PrefixNode at = node; at.parent != null; at = at.parent) {
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
   * Adds a child to {@code parent}, which the caller holds. The hold moves to the child, and the
   * tree becomes the owner of the block.
   *
   * @return the child; null if {@code parent} already has a child with the same tokens, in which
   *     case nothing has changed
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
   * Detaches the first node on the path of {@code tokens[0 .. length)} whose owner matches, and all
   * nodes below it. Nodes that are not held are freed at once.
   */
  void detach(PrefixNode root, int[] tokens, int length, LongPredicate owners) {
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
   * Evicts a leaf and frees its block.
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
      if (parent.parent != null) {
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
