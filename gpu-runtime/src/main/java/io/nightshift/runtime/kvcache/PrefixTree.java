package io.nightshift.runtime.kvcache;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A radix tree of prompt token ids with one node for the tokens of a block (compare SGLang's
 * RadixAttention, Zheng et al., 2024). Full blocks match node by node. Inside the last block, a
 * match may end after any token. Sequences with the rotary factors of long sequences have a tree of
 * their own.
 *
 * <p>A node has a block in each group. In a group with a sliding window, it may have lost it: a
 * match is usable if the blocks are there that a query behind it sees.
 *
 * <p><b>Eviction</b> depends on the number of the last request that is known to use a block.
 * Requests are numbered in planned order. Blocks that no waiting request uses are evicted first,
 * oldest first. If rows arrive in the depth-first order of their prefixes, this is optimal: what
 * the following rows share is on the path of the last row, and nodes off this path are older and
 * not needed again. Blocks that a request of the look-ahead needs are evicted last, beginning with
 * the one that is needed last. A node leaves the tree with its block in the group without a window,
 * or with its last one.
 *
 * <p>With <b>host memory</b>, a node may have lost blocks on the device that are in host memory
 * ({@link HostTier}), and leaves the tree when it has lost these, too. Blocks then know the next
 * request that uses them, of all waiting ones ({@link NextUses}).
 *
 * <p>A <b>detached</b> subtree is no longer found. Blocks that are held stay until they are
 * released, and nodes that are inserted below them are detached from the start.
 */
final class PrefixTree {

  private static final int[] NO_TOKENS = {};

  /** The hash of the root of sequences with the rotary factors of long ones. */
  private static final long LONG_HASH = 1;

  /**
   * Maximum number of children, on each side of the best place, of which a part of a block might be
   * copied, but that have no blocks to copy from.
   */
  private static final int MAX_UNUSABLE = 64;

  private final int blockSize;
  private final List<GroupBlocks> groups;
  private final PrefixNode root;
  private final PrefixNode longRoot;
  private final @Nullable HostTier host;
  private final NextUses nextUses = new NextUses();
  private long nextSerial;

  /**
   * Creates an empty tree.
   *
   * @param host null without host memory
   */
  PrefixTree(int blockSize, List<GroupBlocks> groups, @Nullable HostTier host) {
    this.blockSize = blockSize;
    this.groups = groups;
    this.host = host;
    root = new PrefixNode(null, NO_TOKENS, groups.size(), -1, -1, 0);
    longRoot = new PrefixNode(null, NO_TOKENS, groups.size(), -1, -1, LONG_HASH);
  }

  /**
   * The root of the prefixes of sequences whose rotary factors are those of long sequences, or of
   * all others.
   */
  PrefixNode root(boolean longContext) {
    return longContext ? longRoot : root;
  }

  /**
   * Finds the longest usable prefix of {@code tokens[0 .. limit)}. Full blocks match as soon as
   * they are in the tree. A part of a block matches only if the block was filled before step {@code
   * step}, because blocks are copied at the beginning of a step. Does not modify the tree.
   */
  PrefixMatch match(PrefixNode from, int[] tokens, int limit, long step) {
    PrefixNode node = from;
    PrefixNode usable = from;
    int[] covered = new int[groups.size()];
    for (int matched = 0; limit - matched >= blockSize; matched += blockSize) {
      node = node.children.get(Arrays.copyOfRange(tokens, matched, matched + blockSize));
      if (node == null) {
        break;
      }
      if (cover(node, covered)) {
        usable = node;
      }
    }
    int matched = usable.depth * blockSize;
    int end = Math.min(limit, matched + blockSize);
    return matchInside(usable, Arrays.copyOfRange(tokens, matched, end), step);
  }

  /**
   * Counts the uninterrupted blocks that end with {@code node} in each group, and returns whether
   * they are all that a query behind it sees.
   */
  private boolean cover(PrefixNode node, int[] covered) {
    boolean usable = true;
    for (GroupBlocks group : groups) {
      int count = node.has(group.index) ? covered[group.index] + 1 : 0;
      covered[group.index] = count;
      int firstSeen = group.group.firstBlock(node.depth * blockSize, blockSize);
      usable &= count >= node.depth - firstSeen;
    }
    return usable;
  }

  /**
   * Finds the child of {@code node} with the longest common prefix with {@code wanted}. The common
   * prefix shrinks with the distance from the position at which {@code wanted} would be inserted,
   * so the search starts there and proceeds in both directions, past children that this step fills
   * or that have lost a block.
   */
  private static PrefixMatch matchInside(PrefixNode node, int[] wanted, long step) {
    PrefixNode best = null;
    int bestTokens = 0;
    int unusable = 0;
    Map.Entry<int[], PrefixNode> child = node.children.floorEntry(wanted);
    while (child != null
        && unusable < MAX_UNUSABLE
        && commonTokens(child.getKey(), wanted) > bestTokens) {
      if (isCopyable(child.getValue(), step)) {
        best = child.getValue();
        bestTokens = commonTokens(child.getKey(), wanted);
      } else {
        unusable++;
      }
      child = node.children.lowerEntry(child.getKey());
    }
    unusable = 0;
    child = node.children.higherEntry(wanted);
    while (child != null
        && unusable < MAX_UNUSABLE
        && commonTokens(child.getKey(), wanted) > bestTokens) {
      if (isCopyable(child.getValue(), step)) {
        best = child.getValue();
        bestTokens = commonTokens(child.getKey(), wanted);
      } else {
        unusable++;
      }
      child = node.children.higherEntry(child.getKey());
    }
    return new PrefixMatch(node, best, bestTokens);
  }

  private static boolean isCopyable(PrefixNode node, long step) {
    return node.step < step && node.hasAllBlocks();
  }

  private static int commonTokens(int[] a, int[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }

  /**
   * Records that request {@code number} uses {@code node}, and what of its ancestors its queries
   * see.
   */
  void use(PrefixNode node, long number) {
    for (GroupBlocks group : groups) {
      // The request may use a part of the node only, and then sees a block more.
      int firstSeen = group.group.firstBlock((node.depth - 1) * blockSize, blockSize);
      PrefixNode at = node;
      while (at.parent != null && at.depth > firstSeen) {
        CachedBlock block = at.blocks[group.index];
        if (block != null) {
          group.use(block, number);
        }
        at = at.parent;
      }
    }
  }

  /** Holds all blocks of a node that {@link #match} has returned for copying. */
  void hold(PrefixNode node) {
    for (GroupBlocks group : groups) {
      group.hold(block(node, group));
    }
  }

  /** Undoes one {@link #hold}. */
  void release(PrefixNode node) {
    for (GroupBlocks group : groups) {
      group.release(block(node, group));
    }
  }

  private static CachedBlock block(PrefixNode node, GroupBlocks group) {
    return Objects.requireNonNull(node.blocks[group.index], "a block of a usable node");
  }

  /** Returns the child of a node with the given tokens. */
  @Nullable PrefixNode child(PrefixNode parent, int[] tokens) {
    return parent.children.get(tokens);
  }

  /** Adds a child without blocks, which the caller gives it, to a node of a block table. */
  PrefixNode insert(PrefixNode parent, int[] tokens, long step) {
    long hash = host == null ? 0 : NextUses.hash(parent.hash, tokens);
    PrefixNode child = new PrefixNode(parent, tokens, groups.size(), step, nextSerial++, hash);
    parent.children.put(tokens, child);
    if (host != null) {
      child.nextUse = nextUses.next(hash);
      host.list(parent);
    }
    return child;
  }

  /** Removes a node that has no blocks any more. */
  void remove(PrefixNode node) {
    unlink(node);
    detach(node);
  }

  /** Number of blocks that {@link #announce} has recorded. */
  long announcedBlocks() {
    return nextUses.size();
  }

  /**
   * Records that a waiting request uses the full blocks of {@code tokens[0 .. length)}, whether or
   * not they have been computed. With host memory only.
   */
  void announce(PrefixNode from, int[] tokens, int length, long number) {
    forEachBlock(from, tokens, length, hash -> nextUses.add(hash, number));
  }

  /** Undoes {@link #announce}. */
  void withdraw(PrefixNode from, int[] tokens, int length, long number) {
    forEachBlock(from, tokens, length, hash -> nextUses.remove(hash, number));
  }

  /** Changes the uses of each block, by its hash, and then the order of eviction. */
  private void forEachBlock(PrefixNode from, int[] tokens, int length, LongConsumer change) {
    PrefixNode node = from;
    long hash = from.hash;
    for (int start = 0; length - start >= blockSize; start += blockSize) {
      int[] key = Arrays.copyOfRange(tokens, start, start + blockSize);
      hash = NextUses.hash(hash, key);
      change.accept(hash);
      node = node == null ? null : node.children.get(key);
      if (node != null) {
        setNextUse(node, nextUses.next(hash));
      }
    }
  }

  private void setNextUse(PrefixNode node, long nextUse) {
    if (node.nextUse == nextUse || host == null) {
      return;
    }
    host.unlist(node);
    for (GroupBlocks group : groups) {
      CachedBlock block = node.blocks[group.index];
      if (block != null) {
        group.unlist(block);
      }
    }
    node.nextUse = nextUse;
    for (GroupBlocks group : groups) {
      CachedBlock block = node.blocks[group.index];
      if (block != null) {
        group.listIfEvictable(block);
      }
    }
    host.list(node);
  }

  /**
   * Detaches the first node on the path of {@code tokens[0 .. length)} with a block whose owner
   * matches, and all nodes below it. Blocks that are not held are freed at once.
   */
  void detach(PrefixNode from, int[] tokens, int length, LongPredicate owners) {
    PrefixNode node = from;
    for (int start = 0; start < length; start += blockSize) {
      int end = Math.min(start + blockSize, length);
      node = node.children.get(Arrays.copyOfRange(tokens, start, end));
      if (node == null) {
        return;
      }
      if (isOwned(node, owners)) {
        unlink(node);
        detach(node);
        prune(Objects.requireNonNull(node.parent));
        return;
      }
    }
  }

  private static boolean isOwned(PrefixNode node, LongPredicate owners) {
    return Arrays.stream(node.blocks).anyMatch(block -> block != null && owners.test(block.owner))
        || (node.host != null && node.host.isOwnedBy(owners));
  }

  private void detach(PrefixNode top) {
    Deque<PrefixNode> left = new ArrayDeque<>();
    left.add(top);
    while (!left.isEmpty()) {
      PrefixNode node = left.remove();
      left.addAll(node.children.values());
      node.detached = true;
      evictAll(node);
    }
  }

  private void evictAll(PrefixNode node) {
    for (GroupBlocks group : groups) {
      CachedBlock block = node.blocks[group.index];
      if (block != null) {
        group.evict(block);
      }
    }
    if (host != null) {
      host.remove(node);
    }
  }

  /**
   * Evicts a block of a group; with host memory, it is copied there if that has room, or holds what
   * is of less use.
   *
   * @param nextNumber number of the next request to be admitted
   * @throws IllegalStateException if every block is held
   */
  void evict(GroupBlocks group, long nextNumber) {
    CachedBlock block = group.nextEvicted(nextNumber);
    if (host != null && keepInHost(host, group, block)) {
      group.evict(block);
      host.list(block.node);
    } else if (group.group.seesAll()) {
      remove(block.node);
    } else {
      group.evict(block);
      prune(block.node);
    }
  }

  private boolean keepInHost(HostTier tier, GroupBlocks group, CachedBlock block) {
    PrefixNode node = block.node;
    if (node.tokens.length < blockSize) {
      return false; // Parts of blocks are copied on the device only.
    }
    if (node.host == null) {
      PrefixNode worse = tier.isFull() ? tier.worseThan(block) : null;
      if (worse != null) {
        tier.remove(worse);
        prune(worse);
      }
      if (tier.isFull()) {
        return false;
      }
      tier.add(node, block.lastUse);
    }
    tier.store(Objects.requireNonNull(node.host, "just added"), group, block);
    return true;
  }

  /**
   * Removes a node that has nothing, and its ancestors that have nothing but this node. A sequence
   * may still be about to insert children below it, which are not found then. It sees no block of
   * the path any more, so that its window is not longer than a block.
   */
  private void prune(PrefixNode node) {
    PrefixNode at = node;
    while (at.parent != null && !at.detached && at.children.isEmpty() && at.hasNothing()) {
      at.detached = true;
      unlink(at);
      at = at.parent;
    }
  }

  private void unlink(PrefixNode node) {
    PrefixNode parent = node.parent;
    if (parent == null) {
      return;
    }
    parent.children.remove(node.tokens);
    for (GroupBlocks group : groups) {
      CachedBlock block = parent.blocks[group.index];
      if (block != null) {
        group.listIfEvictable(block);
      }
    }
    if (host != null) {
      host.list(parent);
    }
  }
}
