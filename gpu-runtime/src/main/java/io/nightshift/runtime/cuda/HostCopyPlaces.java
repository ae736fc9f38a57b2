package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.kernels.StagedBlocks;
import io.nightshift.runtime.runner.HostCopy;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the blocks of a batch are: one after the other in a staging buffer, and in host memory,
 * where neighbors are copied at once.
 */
final class HostCopyPlaces {
  private final DeviceKeyValueCache cache;
  private final HostKeyValueCache host;
  private final StagedBlocks staged = new StagedBlocks();

  HostCopyPlaces(DeviceKeyValueCache cache, HostKeyValueCache host) {
    this.cache = cache;
    this.host = host;
  }

  /**
   * Bytes that follow each other in host memory.
   *
   * @param offset of the bytes in the memory
   * @param staged their offset in the staging buffer
   */
  record Run(PinnedMemory memory, long offset, long staged, long bytes) {}

  /** The blocks of a group in a batch; until the next call. */
  StagedBlocks blocks(HostCopyBatch batch, int group) {
    staged.clear();
    int offset = 0;
    for (HostCopy copy : batch.copies()) {
      if (copy.group() == group) {
        staged.add(copy.block(), offset);
      }
      offset += Math.toIntExact(cache.blockBytes(copy.group()));
    }
    return staged;
  }

  /** The runs of a batch, as few as possible, in the order of its copies. */
  List<Run> runs(HostCopyBatch batch) {
    List<Run> runs = new ArrayList<>();
    long offset = 0;
    for (HostCopy copy : batch.copies()) {
      Run next =
          new Run(
              host.memory(copy.hostBlock()),
              host.offset(copy.hostBlock(), copy.group()),
              offset,
              cache.blockBytes(copy.group()));
      Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
      if (last != null && last.memory == next.memory && last.offset + last.bytes == next.offset) {
        runs.set(
            runs.size() - 1,
            new Run(last.memory, last.offset, last.staged, last.bytes + next.bytes));
      } else {
        runs.add(next);
      }
      offset += next.bytes;
    }
    return runs;
  }
}
