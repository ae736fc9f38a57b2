package io.nightshift.runtime.runner;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.CacheGroup;
import io.nightshift.runtime.model.ModelConfig;
import java.util.List;

/**
 * The blocks of a runner's host memory, for keys and values that do not fit the device. A block has
 * room for a block of each {@link BlockGroup}: for the same tokens, in all layers.
 *
 * @param count number of blocks
 * @param groupBytes bytes of the part of each group
 */
public record HostBlocks(int count, List<Long> groupBytes) {

  /** No host memory. */
  public static final HostBlocks NONE = new HostBlocks(0, List.of());

  public HostBlocks {
    groupBytes = List.copyOf(groupBytes);
  }

  /**
   * The blocks of {@link EngineConfig#hostKvCacheMemory}.
   *
   * @param layerBytes bytes of the keys and values of one block in one layer
   * @throws DeviceException if the memory is less than a block
   */
  public static HostBlocks of(ModelConfig model, EngineConfig options, long layerBytes) {
    long bytes = options.hostKvCacheMemory();
    if (bytes == 0) {
      return NONE;
    }
    List<Long> groups =
        model.cacheGroups().stream()
            .map(CacheGroup::layers)
            .map(layers -> layers.size() * layerBytes)
            .toList();
    HostBlocks one = new HostBlocks(1, groups);
    long count = bytes / one.blockBytes();
    if (count == 0) {
      throw new DeviceException(
          "engine.host-kv-cache-memory gives %s bytes, which is less than a block of %s tokens takes: %s bytes; raise it, or leave it out"
              .formatted(bytes, options.blockSize(), one.blockBytes()));
    }
    return new HostBlocks((int) Math.min(count, Integer.MAX_VALUE / options.blockSize()), groups);
  }

  /** Bytes of a block. */
  public long blockBytes() {
    return groupBytes.stream().mapToLong(Long::longValue).sum();
  }

  /** Bytes of all blocks. */
  public long bytes() {
    return count * blockBytes();
  }

  /** Offset of the part of a group in a block. */
  public long offset(int group) {
    return groupBytes.subList(0, group).stream().mapToLong(Long::longValue).sum();
  }

  /** The blocks of {@code ranks} runners together, each of which has a part of every block. */
  public HostBlocks times(int ranks) {
    return new HostBlocks(count, groupBytes.stream().map(bytes -> bytes * ranks).toList());
  }
}
