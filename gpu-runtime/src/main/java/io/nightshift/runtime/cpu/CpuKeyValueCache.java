package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.MemoryCopy;
import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.model.CacheGroup;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.BlockCopy;
import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.HostBlocks;
import io.nightshift.runtime.runner.HostCopy;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of all layers in f32, laid out {@code [layer][block][key or value][head][slot in
 * block][element]}, with the number of blocks of the layer's group: the keys of one head in one
 * block are contiguous, and so are its values. A slot is numbered {@code block * blockSize + slot
 * in block}, as in {@link io.nightshift.runtime.runner.ForwardBatch#slotMapping(int)}.
 *
 * <p>Values are finite ({@link FiniteValues}); keys need not be.
 */
final class CpuKeyValueCache implements AutoCloseable {
  private final List<CacheGroup> groups;
  private final int[] groupOf;
  private final long[] layerAddresses;
  private final int heads;
  private final int blockSize;
  private final long headBytes;
  private final long blockHeadBytes;
  private final long blockBytes;
  private final NativeMemory memory;
  private final HostBlocks hostBlocks;
  private final @Nullable NativeMemory hostMemory;

  CpuKeyValueCache(
      ModelConfig config, int blockSize, List<BlockGroup> sized, HostBlocks hostBlocks) {
    groups = config.cacheGroups();
    this.heads = config.attention().keyValueHeads();
    this.blockSize = blockSize;
    headBytes = (long) config.attention().headSize() * Float.BYTES;
    blockHeadBytes = blockSize * headBytes;
    blockBytes = 2 * heads * blockHeadBytes;
    long layerBlocks = 0;
    groupOf = new int[config.layerCount()];
    layerAddresses = new long[config.layerCount()];
    for (int layer = 0; layer < groupOf.length; layer++) {
      groupOf[layer] = config.cacheGroup(layer);
      layerAddresses[layer] = layerBlocks * blockBytes;
      layerBlocks += sized.get(groupOf[layer]).blockCount();
    }
    memory =
        NativeMemory.allocate(layerBlocks * blockBytes, "the KV cache (engine.kv-cache-memory)");
    for (int layer = 0; layer < groupOf.length; layer++) {
      layerAddresses[layer] += memory.address();
    }
    this.hostBlocks = hostBlocks;
    hostMemory =
        hostBlocks.count() == 0
            ? null
            : NativeMemory.allocate(hostBlocks.bytes(), "the KV cache in host memory");
  }

  /** Native bytes of a block of one layer. */
  static long layerBytes(ModelConfig config, int blockSize) {
    return 2L
        * config.attention().keyValueHeads()
        * config.attention().headSize()
        * Float.BYTES
        * blockSize;
  }

  /** Index of the group of a layer. */
  int group(int layer) {
    return groupOf[layer];
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
    return layerAddresses[layer]
        + slot / blockSize * blockBytes
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

  /** Copies the first slots of one block to another, in every layer of the group. */
  void copy(BlockCopy order, MemoryCopy copy) {
    int source = order.source() * blockSize;
    int target = order.target() * blockSize;
    long bytes = order.tokens() * headBytes;
    for (int layer : groups.get(order.group()).layers()) {
      for (int head = 0; head < heads; head++) {
        copy.copy(keys(layer, head, source), keys(layer, head, target), bytes);
        copy.copy(values(layer, head, source), values(layer, head, target), bytes);
      }
    }
  }

  /** Copies a block to or from host memory, in every layer of the group. */
  void copy(HostCopy order, MemoryCopy copy) {
    long host =
        Objects.requireNonNull(hostMemory, "no host memory").address()
            + order.hostBlock() * hostBlocks.blockBytes()
            + hostBlocks.offset(order.group());
    for (int layer : groups.get(order.group()).layers()) {
      long device = layerAddresses[layer] + order.block() * blockBytes;
      copy.copy(order.toHost() ? device : host, order.toHost() ? host : device, blockBytes);
      host += blockBytes;
    }
  }

  @Override
  public void close() {
    memory.close();
    if (hostMemory != null) {
      hostMemory.close();
    }
  }
}
