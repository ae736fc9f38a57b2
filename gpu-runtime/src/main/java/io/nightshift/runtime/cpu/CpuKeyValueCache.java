package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.MemoryCopy;
import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.BlockCopy;

/**
 * Keys and values of all layers in f32, laid out {@code [layer][block][key or value][head][slot in
 * block][element]}: the keys of one head in one block are contiguous, and so are its values. A slot
 * is numbered {@code block * blockSize + slot in block}, as in {@link
 * io.nightshift.runtime.runner.ForwardBatch#slotMapping}.
 *
 * <p>Values are finite ({@link FiniteValues}); keys need not be.
 */
final class CpuKeyValueCache implements AutoCloseable {
  private final int layers;
  private final int heads;
  private final int blockSize;
  private final int blocks;
  private final long headBytes;
  private final long blockHeadBytes;
  private final long blockBytes;
  private final NativeMemory memory;

  CpuKeyValueCache(ModelConfig config, int blockSize, int blocks) {
    this.layers = config.layerCount();
    this.heads = config.attention().keyValueHeads();
    this.blockSize = blockSize;
    this.blocks = blocks;
    headBytes = (long) config.attention().headSize() * Float.BYTES;
    blockHeadBytes = blockSize * headBytes;
    blockBytes = 2 * heads * blockHeadBytes;
    memory = NativeMemory.allocate(bytes(config, blockSize, blocks), "the KV cache");
  }

  /** Native bytes of a cache of this size. */
  static long bytes(ModelConfig config, int blockSize, int blocks) {
    return 2L
        * config.layerCount()
        * config.attention().keyValueHeads()
        * config.attention().headSize()
        * Float.BYTES
        * blockSize
        * blocks;
  }

  int blockSize() {
    return blockSize;
  }

  /** Bytes of one head of one token. */
  long headBytes() {
    return headBytes;
  }

  /**
   * Address of a head's key in a slot. The keys of the following slots of the block follow it,
   * {@code headSize} floats each.
   */
  long keys(int layer, int head, int slot) {
    return memory.address()
        + ((long) layer * blocks + slot / blockSize) * blockBytes
        + head * blockHeadBytes
        + slot % blockSize * headBytes;
  }

  /** Address of a head's value in a slot; laid out like the keys. */
  long values(int layer, int head, int slot) {
    return keys(layer, head, slot) + heads * blockHeadBytes;
  }

  /**
   * Writes one token's keys and values to a slot.
   *
   * @param source address of all key heads, then all value heads, {@code headSize} floats each
   */
  void write(int layer, int slot, long source, MemoryCopy copy) {
    for (int head = 0; head < heads; head++) {
      long key = source + head * headBytes;
      copy.copy(key, keys(layer, head, slot), headBytes);
      copy.copy(key + heads * headBytes, values(layer, head, slot), headBytes);
    }
  }

  /** Copies the first slots of one block to another, in every layer. */
  void copy(BlockCopy order, MemoryCopy copy) {
    int source = order.source() * blockSize;
    int target = order.target() * blockSize;
    long bytes = order.tokens() * headBytes;
    for (int layer = 0; layer < layers; layer++) {
      for (int head = 0; head < heads; head++) {
        copy.copy(keys(layer, head, source), keys(layer, head, target), bytes);
        copy.copy(values(layer, head, source), values(layer, head, target), bytes);
      }
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
