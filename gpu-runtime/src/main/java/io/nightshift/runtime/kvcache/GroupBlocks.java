package io.nightshift.runtime.kvcache;

import io.nightshift.runtime.runner.BlockGroup;
import java.util.Comparator;
import java.util.TreeSet;

/**
 * The blocks of one group: free ones, blocks of sequences, and blocks of the prefix tree, which are
 * evicted if they are not held.
 *
 * <p>Without a sliding window, a sequence that holds the block of a node holds those of its
 * ancestors. The nodes whose blocks are not held are therefore complete subtrees, and all of them
 * can be evicted, leaves first. With one, a sequence holds only what its queries see, and any block
 * that is not held can be evicted.
 *
 * <p>Blocks that no waiting request is known to use are evicted first, the oldest one before the
 * others; then those that are used again last (Belady, "A study of replacement algorithms for a
 * virtual-storage computer", 1966). Uses are known with host memory only.
 */
final class GroupBlocks {

  /** Index of the group. */
  final int index;

  final BlockGroup group;

  private final BlockPool pool;
  private final TreeSet<CachedBlock> evictable =
      new TreeSet<>(
          Comparator.<CachedBlock>comparingLong(cached -> -cached.node.nextUse)
              .thenComparingLong(cached -> cached.lastUse)
              .thenComparingInt(cached -> -cached.node.depth)
              .thenComparingLong(cached -> cached.node.serial));
  private int unreferenced;
  private int cachedCount;

  /** The last step in which a sequence had a block; empty without host memory. */
  private final long[] lastSteps;

  /**
   * @param copied whether blocks are copied while steps run
   */
  GroupBlocks(int index, BlockGroup group, boolean copied) {
    this.index = index;
    this.group = group;
    pool = new BlockPool(group.blockCount());
    lastSteps = new long[copied ? group.blockCount() : 0];
  }

  /** The last step in which a sequence had a block that is free now; host memory only. */
  long lastStep(int block) {
    return lastSteps[block];
  }

  /** Records that a sequence had a block in a step. */
  void usedIn(long step, int block) {
    if (lastSteps.length > 0) {
      lastSteps[block] = Math.max(lastSteps[block], step);
    }
  }

  int freeCount() {
    return pool.freeCount();
  }

  /** Number of blocks of the prefix tree. */
  int cachedCount() {
    return cachedCount;
  }

  /** Number of blocks that are free or can be evicted. */
  int available() {
    return pool.freeCount() + unreferenced;
  }

  /** Allocates a free block. */
  int allocate() {
    return pool.allocate();
  }

  /** Frees a block of a sequence. */
  void free(int block) {
    pool.free(block);
  }

  /**
   * Frees or releases the blocks of a table that no query at {@code firstQuery} or behind sees.
   *
   * @param lastStep the last step of the sequence
   */
  void freeUnseen(GroupTable table, int firstQuery, int blockSize, long lastStep) {
    if (group.seesAll()) {
      return;
    }
    int firstSeen = Math.min(group.firstBlock(firstQuery, blockSize), table.size());
    while (table.freed() < firstSeen) {
      free(table, table.freed(), lastStep);
      table.free();
    }
  }

  /**
   * Frees or releases all blocks of a table, which is empty then.
   *
   * @param lastStep the last step of the sequence
   */
  void freeAll(GroupTable table, long lastStep) {
    for (int i = table.freed(); i < table.size(); i++) {
      free(table, i, lastStep);
    }
    table.clear();
  }

  private void free(GroupTable table, int index, long lastStep) {
    if (table.isMissing(index)) {
      return;
    }
    usedIn(lastStep, table.get(index));
    CachedBlock cached = table.cached(index);
    if (cached == null) {
      free(table.get(index));
    } else {
      release(cached);
    }
  }

  /** Makes a block of a sequence the block of a node, which the sequence holds. */
  CachedBlock insert(PrefixNode node, int block, long number) {
    CachedBlock cached = new CachedBlock(node, block, number);
    node.blocks[index] = cached;
    cachedCount++;
    if (group.seesAll() && node.parent != null) {
      node.parent.residentChildren++;
    }
    return cached;
  }

  /** Undoes {@link #insert}: the block is the sequence's own again. */
  void takeBack(CachedBlock cached) {
    if (cached.references != 1) {
      throw new IllegalStateException("block " + cached.block + " has other holders");
    }
    leave(cached);
  }

  /** Protects a block from eviction until {@link #release}. */
  void hold(CachedBlock cached) {
    if (cached.references++ == 0) {
      unreferenced--;
      evictable.remove(cached);
    }
  }

  /** Undoes one {@link #hold}. */
  void release(CachedBlock cached) {
    if (--cached.references > 0) {
      return;
    }
    if (cached.node.detached) {
      remove(cached);
    } else {
      unreferenced++;
      listIfEvictable(cached);
    }
  }

  /** Records that request {@code number} uses a block. */
  void use(CachedBlock cached, long number) {
    if (cached.lastUse < number) {
      boolean listed = evictable.remove(cached);
      cached.lastUse = number;
      if (listed) {
        evictable.add(cached);
      }
    }
  }

  /** Lists a block for eviction if it can be evicted now. */
  void listIfEvictable(CachedBlock cached) {
    if (cached.references == 0 && (!group.seesAll() || cached.node.residentChildren == 0)) {
      evictable.add(cached);
    }
  }

  /**
   * Returns the block that is evicted next.
   *
   * @param nextNumber number of the next request to be admitted
   * @throws IllegalStateException if every block is held
   */
  CachedBlock nextEvicted(long nextNumber) {
    if (evictable.isEmpty()) {
      throw new IllegalStateException("all " + cachedCount + " blocks of the tree are in use");
    }
    CachedBlock oldest = evictable.first();
    return oldest.lastUse < nextNumber ? oldest : evictable.last();
  }

  /** Frees a block of a node if nobody holds it. */
  void evict(CachedBlock cached) {
    if (cached.references == 0) {
      evictable.remove(cached);
      unreferenced--;
      remove(cached);
    }
  }

  private void remove(CachedBlock cached) {
    leave(cached);
    pool.free(cached.block);
  }

  private void leave(CachedBlock cached) {
    cached.node.blocks[index] = null;
    cachedCount--;
    PrefixNode parent = cached.node.parent;
    if (group.seesAll() && parent != null) {
      parent.residentChildren--;
      CachedBlock above = parent.blocks[index];
      if (above != null) {
        listIfEvictable(above);
      }
    }
  }

  /** Takes a block off the list before its place in it changes; returns whether it was listed. */
  boolean unlist(CachedBlock cached) {
    return evictable.remove(cached);
  }
}
