package io.nightshift.runtime.kvcache;

/**
 * Counts of the blocks in host memory since the cache was created.
 *
 * @param loadedTokens number of cached tokens that were copied back to the device
 * @param bytesToHost bytes copied from the device
 * @param bytesToDevice bytes copied back
 * @param usedBlocks number of blocks that hold a prefix now
 * @param blocks total number of blocks
 */
public record HostCounts(
    long loadedTokens, long bytesToHost, long bytesToDevice, int usedBlocks, int blocks) {

  /** The counts without host memory. */
  public static final HostCounts NONE = new HostCounts(0, 0, 0, 0, 0);

  /** The counts of two caches together. */
  public HostCounts plus(HostCounts other) {
    return new HostCounts(
        loadedTokens + other.loadedTokens,
        bytesToHost + other.bytesToHost,
        bytesToDevice + other.bytesToDevice,
        usedBlocks + other.usedBlocks,
        blocks + other.blocks);
  }
}
