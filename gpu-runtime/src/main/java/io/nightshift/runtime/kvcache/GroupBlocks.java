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
 */
final class GroupBlocks {

  /** Index of the group. */
  final int index;

  final BlockGroup group;

  private final BlockPool pool;
  private final TreeSet<CachedBlock> evictable =
      new TreeSet<>(
          Comparator.<CachedBlock>comparingLong(cached -> cached.lastUse)
              .thenComparingInt(cached -> -cached.node.depth)
              .thenComparingLong(cached -> cached.node.serial));
  private int unreferenced;
  private int cachedCount;

  GroupBlocks(int index, BlockGroup group) {
    this.index = index;
    this.group = group;
    pool = new BlockPool(group.blockCount());
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

  /** Makes a block of a sequence the block of a node, which the sequence holds. */
  CachedBlock insert(PrefixNode node, int block, long number) {
    CachedBlock cached = new CachedBlock(node, block, number);
    node.blocks[index] = cached;
    cachedCount++;
    return cached;
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
    if (cached.references == 0 && (!group.seesAll() || cached.node.children.isEmpty())) {
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
    cached.node.blocks[index] = null;
    cachedCount--;
    pool.free(cached.block);
  }
}
