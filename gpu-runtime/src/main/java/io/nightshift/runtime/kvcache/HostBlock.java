package io.nightshift.runtime.kvcache;

import java.util.Arrays;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/** The copy of a node of the prefix tree in host memory: of its blocks in some of the groups. */
final class HostBlock {

  final PrefixNode node;

  /** Number of the block in host memory; each has room for all groups. */
  final int block;

  /** Number of copies of this step that read the block. */
  int readers;

  // HostTier sorts by these, and sets them.

  /** Number of the last request that is known to use the node. */
  long lastUse;

  /** Whether the node is on the device too, so that nothing is lost with the block. */
  boolean duplicate;

  private final long[] owners;
  private final boolean[] stored;

  HostBlock(PrefixNode node, int block, long lastUse) {
    this.node = node;
    this.block = block;
    this.lastUse = lastUse;
    owners = new long[node.blocks.length];
    stored = new boolean[node.blocks.length];
  }

  /** Whether the block of a group is stored. */
  boolean has(int group) {
    return stored[group];
  }

  /** Number of the request that has computed the block of a group. */
  long owner(int group) {
    return owners[group];
  }

  void store(CachedBlock cached, int group) {
    owners[group] = cached.owner;
    stored[group] = true;
  }

  /** Whether each block that is stored is on the device. */
  boolean isOnDevice() {
    for (int group = 0; group < stored.length; group++) {
      if (stored[group] && node.blocks[group] == null) {
        return false;
      }
    }
    return true;
  }

  boolean isOwnedBy(LongPredicate number) {
    return IntStream.range(0, stored.length)
        .anyMatch(group -> stored[group] && number.test(owners[group]));
  }

  @Override
  public String toString() {
    return "host block " + block + " of groups " + Arrays.toString(stored);
  }
}
