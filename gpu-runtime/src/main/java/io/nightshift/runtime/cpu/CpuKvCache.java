package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.MemoryCopy;
import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.BlockCopy;

/**
 * Keys and values of all layers, f32, laid out {@code [layer][block][key or value][head][slot in
 * block][element]}: what one head needs of a block is one piece.
 *
 * <p>Values are finite ({@link FiniteValues}); keys need not be.
 */
final class CpuKvCache implements AutoCloseable {
  private final int layers;
  private final int heads;
  private final int blockSize;
  private final int blocks;
  private final long headBytes;
  private final long pieceBytes;
  private final long blockBytes;
  private final NativeMemory memory;

  CpuKvCache(ModelConfig config, int blockSize, int blocks) {
    this.layers = config.layers();
    this.heads = config.keyValueHeads();
    this.blockSize = blockSize;
    this.blocks = blocks;
    headBytes = (long) config.headSize() * Float.BYTES;
    pieceBytes = blockSize * headBytes;
    blockBytes = 2 * heads * pieceBytes;
    memory = NativeMemory.allocate(bytes(config, blockSize, blocks), "the KV cache");
  }

  /** Bytes that a cache of this size takes. */
  static long bytes(ModelConfig config, int blockSize, int blocks) {
    return 2L
        * config.layers()
        * config.keyValueHeads()
        * config.headSize()
        * Float.BYTES
        * blockSize
        * blocks;
  }

  int blockSize() {
    return blockSize;
  }

  int blocks() {
    return blocks;
  }

  /** Bytes of one head of one token. */
  long headBytes() {
    return headBytes;
  }

  /** Address of a head's keys in a block: {@code blockSize} rows of {@code headSize} floats. */
  long keys(int layer, int block, int head) {
    return memory.address() + ((long) layer * blocks + block) * blockBytes + head * pieceBytes;
  }

  /** Address of a head's values in a block, laid out as its keys. */
  long values(int layer, int block, int head) {
    return keys(layer, block, head) + heads * pieceBytes;
  }

  /** Copies the first slots of one block to another, in every layer. */
  void copy(BlockCopy order, MemoryCopy copy) {
    long bytes = order.tokens() * headBytes;
    for (int layer = 0; layer < layers; layer++) {
      for (int head = 0; head < heads; head++) {
        copy.copy(keys(layer, order.source(), head), keys(layer, order.target(), head), bytes);
        copy.copy(values(layer, order.source(), head), values(layer, order.target(), head), bytes);
      }
    }
  }

  @Override
  public void close() {
    memory.close();
  }

  NativeMemory memory() {
    return memory;
  }
}
