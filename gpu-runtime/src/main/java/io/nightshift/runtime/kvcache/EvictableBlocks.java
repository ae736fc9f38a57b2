package io.nightshift.runtime.kvcache;

import java.util.Comparator;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of a group that can be evicted, in their order: first those that no waiting request is
 * known to use, the oldest one before the others; then those that are used again last (Belady, "A
 * study of replacement algorithms for a virtual-storage computer", 1966). Uses are known with host
 * memory only.
 *
 * <p>With host memory, it matters which blocks the step before uses: their copies wait for its end.
 * Where all blocks are used in turn, those are the first ones in the order.
 */
final class EvictableBlocks {
  private static final Comparator<CachedBlock> ORDER =
      Comparator.<CachedBlock>comparingLong(cached -> -cached.node.nextUse)
          .thenComparingLong(cached -> cached.lastUse)
          .thenComparingInt(cached -> -cached.node.depth)
          .thenComparingLong(cached -> cached.node.serial);

  private final TreeSet<CachedBlock> idle = new TreeSet<>(ORDER);
  private final TreeSet<CachedBlock> inUse = new TreeSet<>(ORDER);
  private final Predicate<CachedBlock> isInUse;

  /**
   * @param isInUse whether the step before uses a block
   */
  EvictableBlocks(Predicate<CachedBlock> isInUse) {
    this.isInUse = isInUse;
  }

  /** Another step begins. */
  void beginStep() {
    inUse.removeIf(block -> !isInUse.test(block) && idle.add(block));
  }

  boolean isEmpty() {
    return idle.isEmpty() && inUse.isEmpty();
  }

  /** The first block that the step before does not use; null if there is none. */
  @Nullable CachedBlock firstIdle() {
    return idle.isEmpty() ? null : idle.first();
  }

  void add(CachedBlock block) {
    (isInUse.test(block) ? inUse : idle).add(block);
  }

  /** Takes a block off, also before its place in the order changes; returns whether it was here. */
  boolean remove(CachedBlock block) {
    return idle.remove(block) || inUse.remove(block);
  }

  /** The first block; there is one. */
  CachedBlock first() {
    return Stream.of(idle, inUse)
        .filter(blocks -> !blocks.isEmpty())
        .map(TreeSet::first)
        .min(ORDER)
        .orElseThrow();
  }

  /** The last block; there is one. */
  CachedBlock last() {
    return Stream.of(idle, inUse)
        .filter(blocks -> !blocks.isEmpty())
        .map(TreeSet::last)
        .max(ORDER)
        .orElseThrow();
  }
}
