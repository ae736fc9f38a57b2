package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.kernels.StagedBlocks;
import io.nightshift.runtime.runner.HostCopy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntToLongFunction;

/**
 * Copies in one direction that fit a staging buffer together, by their places in host memory. No
 * two of them have the same target on the device; two may have the same in host memory, and the
 * later one follows then.
 *
 * <p>Batches to the host may run ahead of those to the device, but no batch overtakes one before it
 * in its own direction, and a batch to the device follows all batches to the host before it.
 *
 * @param toHost whether the copies are from the device to the host, rather than back
 * @param afterPrevious whether the step before must have ended
 * @param afterLoads whether a batch to the host must follow the batches to the device before it
 */
record HostCopyBatch(
    boolean toHost, boolean afterPrevious, boolean afterLoads, List<HostCopy> copies) {

  HostCopyBatch {
    copies =
        copies.stream()
            .sorted(Comparator.comparingInt(HostCopy::hostBlock).thenComparingInt(HostCopy::group))
            .toList();
  }

  /**
   * Divides the copies of a step into batches with the same effect. A batch to the device takes
   * blocks until it is full, while batches to the host before it are enqueued: in a full cache,
   * blocks leave and come in turn.
   *
   * @param blockBytes bytes of a block of each group
   * @param mostBytes maximum bytes of a batch, at least those of any block
   */
  static List<HostCopyBatch> of(
      List<HostCopy> copies, IntToLongFunction blockBytes, long mostBytes) {
    Builder builder = new Builder(blockBytes, mostBytes);
    copies.forEach(builder::add);
    builder.flush();
    return builder.batches;
  }

  /** A block in one of the memories. */
  private record Place(boolean onHost, int group, int block) {
    static Place onDevice(HostCopy copy) {
      return new Place(false, copy.group(), copy.block());
    }

    static Place onHost(HostCopy copy) {
      return new Place(true, copy.group(), copy.hostBlock());
    }
  }

  private static final class Builder {
    private final IntToLongFunction blockBytes;
    private final long mostBytes;
    private final List<HostCopyBatch> batches = new ArrayList<>();
    private final List<HostCopy> stores = new ArrayList<>();
    private final List<HostCopy> loads = new ArrayList<>();
    private final Set<Place> targets = new HashSet<>();

    /** What copies to the device use, which no copy to the host has followed. */
    private final Set<Place> loaded = new HashSet<>();

    private long storeBytes;
    private long loadBytes;
    private boolean afterPrevious;
    private boolean afterLoads;

    Builder(IntToLongFunction blockBytes, long mostBytes) {
      this.blockBytes = blockBytes;
      this.mostBytes = mostBytes;
    }

    void add(HostCopy copy) {
      if (copy.afterPrevious() && !afterPrevious) {
        flush();
        afterPrevious = true;
      }
      if (copy.toHost()) {
        addStore(copy);
      } else {
        addLoad(copy);
      }
    }

    private void addStore(HostCopy copy) {
      long bytes = blockBytes.applyAsLong(copy.group());
      if (loaded.contains(Place.onDevice(copy)) || loaded.contains(Place.onHost(copy))) {
        flush();
        loaded.clear();
        afterLoads = true;
      } else if (isFull(stores, storeBytes + bytes)) {
        flushStores();
      }
      stores.add(copy);
      storeBytes += bytes;
    }

    private void addLoad(HostCopy copy) {
      long bytes = blockBytes.applyAsLong(copy.group());
      Place target = Place.onDevice(copy);
      if (isFull(loads, loadBytes + bytes) || targets.contains(target)) {
        flush();
      }
      loads.add(copy);
      loadBytes += bytes;
      targets.add(target);
      loaded.add(target);
      loaded.add(Place.onHost(copy));
    }

    private boolean isFull(List<HostCopy> pending, long bytes) {
      return pending.size() == StagedBlocks.MOST || bytes > mostBytes;
    }

    private void flushStores() {
      if (!stores.isEmpty()) {
        batches.add(new HostCopyBatch(true, afterPrevious, afterLoads, stores));
        stores.clear();
        storeBytes = 0;
        afterLoads = false;
      }
    }

    /** What is pending to the host comes first: copies to the device may need it. */
    void flush() {
      flushStores();
      if (!loads.isEmpty()) {
        batches.add(new HostCopyBatch(false, afterPrevious, false, loads));
        loads.clear();
        loadBytes = 0;
        targets.clear();
      }
    }
  }
}
