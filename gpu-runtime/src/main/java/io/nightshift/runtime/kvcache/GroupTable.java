package io.nightshift.runtime.kvcache;

import io.nightshift.runtime.runner.StepSequence;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of one sequence in one group, in context order: blocks that have been freed, because
 * no query sees them any more, then the sequence's own blocks and blocks of the prefix tree that it
 * holds.
 */
final class GroupTable {

  private int[] blocks = {};
  private @Nullable CachedBlock[] cached = {};
  private int size;
  private int freed;

  /** Number of blocks, freed ones included. */
  int size() {
    return size;
  }

  /** Number of blocks at the beginning that have been freed. */
  int freed() {
    return freed;
  }

  /** Number of blocks that the sequence has. */
  int held() {
    return size - freed;
  }

  /** Number of blocks to be added before the others ({@link #restoreMissing}). */
  int missing() {
    int count = 0;
    for (int i = freed; i < size; i++) {
      count += isMissing(i) ? 1 : 0;
    }
    return count;
  }

  int get(int index) {
    return blocks[index];
  }

  /** The block as one of the prefix tree; null if it is the sequence's own. */
  @Nullable CachedBlock cached(int index) {
    return cached[index];
  }

  int[] first(int count) {
    if (count > size) {
      throw new IllegalArgumentException("the block table has " + size + " blocks, not " + count);
    }
    return Arrays.copyOf(blocks, count);
  }

  /** Adds an own block. */
  void add(int block) {
    reserve(size + 1);
    blocks[size++] = block;
  }

  /** Replaces a block, or makes an own one a block of the prefix tree. */
  void set(int index, CachedBlock block) {
    blocks[index] = block.block;
    cached[index] = block;
  }

  /** Begins an empty table with {@code count} blocks, all of which count as freed. */
  void beginFreed(int count) {
    reserve(count);
    Arrays.fill(blocks, 0, count, StepSequence.FREED);
    size = count;
    freed = count;
  }

  /** Puts a block of the prefix tree before those that the table has. */
  void restore(CachedBlock block) {
    set(--freed, block);
  }

  /** Makes room for a block, which {@link #set} adds, before those that the table has. */
  void restoreMissing() {
    blocks[--freed] = StepSequence.FREED;
  }

  /** Whether there is room for a block that has not been added yet. */
  boolean isMissing(int index) {
    return index >= freed && blocks[index] == StepSequence.FREED;
  }

  /** Makes a block of the prefix tree the sequence's own. */
  void takeBack(int index) {
    cached[index] = null;
  }

  /** Marks the first block that has not been freed. */
  void free() {
    blocks[freed] = StepSequence.FREED;
    cached[freed++] = null;
  }

  void clear() {
    Arrays.fill(cached, 0, size, null);
    size = 0;
    freed = 0;
  }

  private void reserve(int count) {
    if (count > blocks.length) {
      int length = Math.max(8, Math.max(count, 2 * size));
      blocks = Arrays.copyOf(blocks, length);
      cached = Arrays.copyOf(cached, length);
    }
  }
}
