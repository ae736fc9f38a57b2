package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.MemoryCopy;
import io.nightshift.runtime.runner.StepSequence;

/**
 * Keys and values of one head of one sequence, copied from the blocks of the KV cache to dense
 * rows. Only slots that the sequence's context covers are read: the other slots of its blocks may
 * contain anything, including NaN. Owned by one worker.
 */
final class GatheredContext implements AutoCloseable {
  private final CpuKeyValueCache cache;
  private final MemoryCopy copy;
  private final FloatScratch keys = new FloatScratch("gathered keys");
  private final FloatScratch values = new FloatScratch("gathered values");

  GatheredContext(CpuKeyValueCache cache, MemoryCopy copy) {
    this.cache = cache;
    this.copy = copy;
  }

  /**
   * Copies context tokens {@code start} to {@code end}, after {@code empty} rows of zero values.
   *
   * @param columns rows of keys and values that attention reads, at least {@code empty + end -
   *     start}
   */
  void gather(
      int layer, int head, StepSequence context, int start, int end, int empty, int columns) {
    int blockSize = cache.blockSize();
    long bytes = cache.headBytes();
    long floats = columns * (bytes / Float.BYTES);
    keys.reserve(floats);
    values.reserve(floats);
    int[] blocks = context.blocks(cache.group(layer));
    int index = start;
    while (index < end) {
      int offset = index % blockSize;
      int count = Math.min(blockSize - offset, end - index);
      int slot = blocks[index / blockSize] * blockSize + offset;
      long to = (empty + index - start) * bytes;
      copy.copy(cache.keys(layer, head, slot), keys.address() + to, count * bytes);
      copy.copy(cache.values(layer, head, slot), values.address() + to, count * bytes);
      index += count;
    }
    // Masked columns have weight 0, but 0 times NaN would be NaN.
    int used = empty + end - start;
    copy.clear(values.address() + used * bytes, (columns - used) * bytes);
    copy.clear(values.address(), empty * bytes);
  }

  /** Address of the keys: rows of {@code headSize} floats. */
  long keys() {
    return keys.address();
  }

  /** Address of the values: rows of {@code headSize} floats. */
  long values() {
    return values.address();
  }

  @Override
  public void close() {
    keys.close();
    values.close();
  }
}
