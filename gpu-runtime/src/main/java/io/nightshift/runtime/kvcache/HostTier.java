package io.nightshift.runtime.kvcache;

import io.nightshift.runtime.runner.HostBlocks;
import io.nightshift.runtime.runner.HostCopy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of the prefix tree that are in host memory, and the copies of the current step between
 * there and the device. A node keeps its copy while it is on the device again, until the memory is
 * needed.
 *
 * <p>With a group that sees the whole context, what is on the device or in host memory is closed
 * under ancestors: a node that is in host memory alone is evicted after its children.
 */
final class HostTier {

  /** Duplicates first, then as on the device: {@link GroupBlocks}. */
  private static final Comparator<HostBlock> WORST_FIRST =
      Comparator.<HostBlock, Boolean>comparing(stored -> !stored.duplicate)
          .thenComparingLong(stored -> -stored.node.nextUse)
          .thenComparingLong(stored -> stored.lastUse)
          .thenComparingInt(stored -> -stored.node.depth)
          .thenComparingLong(stored -> stored.node.serial);

  private static final int NO_BLOCK = -1;

  private final HostBlocks blocks;
  private final BlockPool pool;

  /** Index of the group without a sliding window; -1 if there is none. */
  private final int fullGroup;

  private final TreeSet<HostBlock> evictable = new TreeSet<>(WORST_FIRST);
  private final List<HostCopy> copies = new ArrayList<>();
  private final List<HostBlock> read = new ArrayList<>();
  private long before;
  private long bytesToHost;
  private long bytesToDevice;
  private long loadedTokens;

  HostTier(HostBlocks blocks, List<GroupBlocks> groups) {
    this.blocks = blocks;
    pool = new BlockPool(blocks.count());
    fullGroup =
        groups.stream()
            .filter(group -> group.group.seesAll())
            .mapToInt(group -> group.index)
            .findFirst()
            .orElse(-1);
  }

  int blockCount() {
    return blocks.count();
  }

  HostCounts counts() {
    return new HostCounts(
        loadedTokens,
        bytesToHost,
        bytesToDevice,
        blocks.count() - pool.freeCount(),
        blocks.count());
  }

  /**
   * Begins a step.
   *
   * @param previous number of the step before, which may not have ended
   */
  void beginStep(long previous) {
    before = previous;
  }

  /** Returns the copies of the step. */
  List<HostCopy> endStep() {
    List<HostCopy> result = List.copyOf(copies);
    copies.clear();
    for (HostBlock block : read) {
      block.readers--;
      if (block.node.host == block) {
        list(block.node);
      } else if (block.readers == 0) {
        pool.free(block.block);
      }
    }
    read.clear();
    return result;
  }

  boolean isFull() {
    return pool.freeCount() == 0;
  }

  /**
   * Returns the node whose copy is of less use than one of another node would be, to be removed for
   * it; null if there is none.
   */
  @Nullable PrefixNode worseThan(CachedBlock other) {
    if (evictable.isEmpty()) {
      return null;
    }
    HostBlock worst = evictable.first();
    HostBlock candidate = new HostBlock(other.node, NO_BLOCK, other.lastUse);
    return WORST_FIRST.compare(worst, candidate) < 0 ? worst.node : null;
  }

  /**
   * Gives a node a block in host memory.
   *
   * @throws IllegalStateException if no block is free
   */
  void add(PrefixNode node, long lastUse) {
    node.host = new HostBlock(node, pool.allocate(), lastUse);
  }

  /** Copies a block of a node to the node's block in host memory, unless it is there. */
  void store(HostBlock stored, GroupBlocks group, CachedBlock cached) {
    evictable.remove(stored);
    stored.lastUse = Math.max(stored.lastUse, cached.lastUse);
    if (!stored.has(group.index)) {
      stored.store(cached, group.index);
      // A sequence may compute its last token again, and write it to the block once more.
      boolean written = Math.max(cached.node.step, group.lastStep(cached.block)) >= before;
      copies.add(new HostCopy(true, group.index, cached.block, stored.block, written));
      bytesToHost += blocks.groupBytes().get(group.index);
    }
  }

  /**
   * Copies a node's block in host memory to a free block of the device, which the node has then,
   * held by a request. The caller has held it before ({@link #hold}).
   */
  CachedBlock load(PrefixNode node, GroupBlocks group, int target) {
    HostBlock stored = Objects.requireNonNull(node.host, "a copy that was held");
    boolean accessed = group.lastStep(target) >= before;
    copies.add(new HostCopy(false, group.index, target, stored.block, accessed));
    bytesToDevice += blocks.groupBytes().get(group.index);
    return group.insert(stored.node, target, stored.owner(group.index));
  }

  /** Protects a node's copy, which is going to be loaded, from eviction until the step ends. */
  void hold(HostBlock stored) {
    loadedTokens += stored.node.tokens.length;
    evictable.remove(stored);
    stored.readers++;
    read.add(stored);
  }

  /** Removes the copy of a node. */
  void remove(PrefixNode node) {
    HostBlock stored = node.host;
    if (stored != null) {
      evictable.remove(stored);
      node.host = null;
      if (stored.readers == 0) {
        pool.free(stored.block);
      }
    }
  }

  /** Takes a node off the list before its place in it changes. */
  void unlist(PrefixNode node) {
    if (node.host != null) {
      evictable.remove(node.host);
    }
  }

  /** Lists a node's copy for eviction if it can be evicted now. */
  void list(PrefixNode node) {
    HostBlock stored = node.host;
    if (stored == null) {
      return;
    }
    evictable.remove(stored);
    stored.duplicate = stored.isOnDevice();
    boolean closed = fullGroup < 0 || node.blocks[fullGroup] != null || node.children.isEmpty();
    if (stored.readers == 0 && closed) {
      evictable.add(stored);
    }
  }
}
