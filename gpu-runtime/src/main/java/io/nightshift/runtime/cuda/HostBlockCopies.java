package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.HostCopyPlaces.Run;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.kernels.StagedBlocks;
import io.nightshift.runtime.cuda.kernels.StagingKernels;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.HostCopy;
import io.nightshift.runtime.runner.HostCopyTime;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies blocks of the KV cache between the device and host memory while the device computes the
 * step before. The rows of a block are far apart on the device, and copy engines are slow with
 * short rows. So a kernel gathers the rows of a batch of blocks in a staging buffer, from which
 * they are copied to the host as they lie; back, a kernel scatters what was copied to another
 * staging buffer. Each direction has a stream for its copies, one for its kernel, which goes before
 * those of the step, and a {@link StagingRing} between them.
 *
 * <p>The order is right because
 *
 * <ul>
 *   <li>in a direction, the two streams keep the order of batches, also from step to step, and the
 *       ring keeps a slot until it is empty;
 *   <li>a copy to the staging buffer for the device waits for the copies to the host before it,
 *       which may write what it reads; they have waited for their kernel, so that the scattering
 *       kernel overwrites only blocks that are gathered;
 *   <li>the gathering kernel of a step waits for the scattering kernel of earlier steps, and within
 *       a step where {@link HostCopyBatch#afterLoads} says so, and the copy to the host waits with
 *       it: what they overwrite in host memory has been read;
 *   <li>with {@link HostCopy#afterPrevious}, both kernels wait for the step before: only they
 *       access the cache;
 *   <li>the step waits for the last copy of both directions.
 * </ul>
 */
final class HostBlockCopies implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostBlockCopies.class);

  /** Takes a third of a millisecond on PCIe 5 with 16 lanes, and holds 15 blocks of 1 MiB. */
  private static final long MIN_SLOT_BYTES = 16L << 20;

  private static final int DIRECTIONS = 2;

  private final DeviceKeyValueCache cache;
  private final HostCopyPlaces places;
  private final StagingKernels kernels;
  private final long slotBytes;
  private final DeviceMemory memory;
  private final CudaStream gathers;
  private final CudaStream toHost;
  private final CudaStream toDevice;
  private final CudaStream scatters;
  private final StagingRing stores;
  private final StagingRing loads;
  private final CudaEvent stored;
  private final CudaEvent loaded;
  private final HostCopyClock clock;

  HostBlockCopies(
      CudaDevice device,
      KernelLibrary library,
      DeviceKeyValueCache cache,
      HostKeyValueCache host,
      ModelConfig config,
      EngineConfig options) {
    this.cache = cache;
    places = new HostCopyPlaces(cache, host);
    kernels = new StagingKernels(library, cache.layout());
    slotBytes = slotBytes(config, options);
    memory =
        new DeviceMemory(device, "staging buffers for host memory", deviceBytes(config, options));
    gathers = CudaStream.urgent(device);
    toHost = new CudaStream(device);
    toDevice = new CudaStream(device);
    scatters = CudaStream.urgent(device);
    long ringBytes = StagingRing.SLOTS * slotBytes;
    stores = new StagingRing(device, gathers, toHost, memory.take(ringBytes), slotBytes);
    loads = new StagingRing(device, toDevice, scatters, memory.take(ringBytes), slotBytes);
    stored = new CudaEvent(device);
    loaded = new CudaEvent(device);
    clock = new HostCopyClock(device);
  }

  /** Bytes of device memory that the copies take; none without host memory. */
  static long deviceBytes(ModelConfig config, EngineConfig options) {
    return options.hostKvCacheMemory() == 0
        ? 0
        : DIRECTIONS * StagingRing.SLOTS * slotBytes(config, options);
  }

  private static long slotBytes(ModelConfig config, EngineConfig options) {
    long layerBytes = DeviceKeyValueCache.bytes(config, options, 1);
    int mostLayers =
        config.cacheGroups().stream().mapToInt(group -> group.layers().size()).max().orElseThrow();
    return DeviceMemory.aligned(Math.max(MIN_SLOT_BYTES, mostLayers * layerBytes));
  }

  /**
   * Enqueues the copies of a step.
   *
   * @param previous recorded at the end of the step before
   * @param steps the stream of steps, which waits for the copies
   */
  void enqueue(List<HostCopy> copies, CudaEvent previous, CudaStream steps) {
    if (copies.isEmpty()) {
      return;
    }
    gathers.await(loaded);
    toHost.await(loaded);
    clock.start(toHost);
    boolean afterPrevious = false;
    for (HostCopyBatch batch : HostCopyBatch.of(copies, cache::blockBytes, slotBytes)) {
      if (batch.afterPrevious() && !afterPrevious) {
        gathers.await(previous);
        scatters.await(previous);
        afterPrevious = true;
        clock.cancel();
      }
      if (batch.toHost()) {
        store(batch);
      } else {
        load(batch);
      }
    }
    clock.end(toHost);
    awaitStored();
    scatters.await(stored);
    loaded.record(scatters);
    steps.await(loaded); // which has waited for all that was stored
  }

  /** Copies to the device, of this step and of later ones, wait for those to the host. */
  private void awaitStored() {
    stored.record(toHost);
    toDevice.await(stored);
  }

  private void store(HostCopyBatch batch) {
    if (batch.afterLoads()) {
      loaded.record(scatters);
      gathers.await(loaded);
    }
    long slot = stores.begin();
    for (int group = 0; group < cache.groupCount(); group++) {
      StagedBlocks blocks = places.blocks(batch, group);
      if (blocks.count() > 0) {
        kernels.gather(
            gathers, cache.elements(group), cache.scales(group), cache.planes(group), blocks, slot);
      }
    }
    stores.filled();
    for (Run run : places.runs(batch)) {
      toHost.copyToHost(slot + run.staged(), run.memory(), run.offset(), run.bytes());
      clock.count(run.bytes());
    }
    stores.emptied();
  }

  private void load(HostCopyBatch batch) {
    awaitStored();
    long slot = loads.begin();
    for (Run run : places.runs(batch)) {
      toDevice.copyToDevice(run.memory(), run.offset(), slot + run.staged(), run.bytes());
    }
    loads.filled();
    for (int group = 0; group < cache.groupCount(); group++) {
      StagedBlocks blocks = places.blocks(batch, group);
      if (blocks.count() > 0) {
        kernels.scatter(
            scatters,
            cache.elements(group),
            cache.scales(group),
            cache.planes(group),
            blocks,
            slot);
      }
    }
    loads.emptied();
  }

  /** Time of the copies to the host of steps that have been awaited. */
  HostCopyTime time() {
    return clock.time();
  }

  @Override
  public void close() {
    HostCopyTime time = time();
    if (time.seconds() > 0) {
      LOG.info(
          "Blocks of the KV cache were copied to host memory at {} GB/s, as far as it was timed",
          Math.round(time.bytes() / time.seconds() / 1e8) / 10.0);
    }
    gathers.close();
    toHost.close();
    toDevice.close();
    scatters.close();
    stores.close();
    loads.close();
    stored.close();
    loaded.close();
    clock.close();
    memory.close();
  }
}
