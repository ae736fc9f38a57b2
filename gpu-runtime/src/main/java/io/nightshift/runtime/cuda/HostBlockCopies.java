package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.StridedCopy;
import io.nightshift.runtime.runner.HostCopy;
import io.nightshift.runtime.runner.HostCopyTime;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies blocks of the KV cache between the device and host memory, in a stream for each direction,
 * while the device computes the step before.
 *
 * <p>A copy to the device waits for the copies to the host before it, whose blocks it may overwrite
 * or read; a copy to the host, for the copies to the device of earlier steps, whose host blocks it
 * may overwrite. The step waits for all of its copies.
 */
final class HostBlockCopies implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostBlockCopies.class);

  private final DeviceKeyValueCache cache;
  private final HostKeyValueCache host;
  private final CudaStream toHost;
  private final CudaStream toDevice;
  private final StridedCopy store;
  private final StridedCopy load;
  private final CudaEvent stored;
  private final CudaEvent loaded;
  private final HostCopyClock clock;

  HostBlockCopies(CudaDevice device, DeviceKeyValueCache cache, HostKeyValueCache host) {
    this.cache = cache;
    this.host = host;
    toHost = new CudaStream(device);
    toDevice = new CudaStream(device);
    store = new StridedCopy(toHost);
    load = new StridedCopy(toDevice);
    stored = new CudaEvent(device);
    loaded = new CudaEvent(device);
    clock = new HostCopyClock(device);
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
    toHost.await(loaded);
    clock.start(toHost);
    boolean storing = false;
    boolean afterPrevious = false;
    for (HostCopy copy : copies) {
      if (copy.afterPrevious() && !afterPrevious) {
        toHost.await(previous);
        toDevice.await(previous);
        afterPrevious = true;
        clock.cancel();
      }
      if (copy.toHost()) {
        store(copy);
        storing = true;
      } else {
        if (storing) {
          awaitStored();
          storing = false;
        }
        load(copy);
      }
    }
    clock.end(toHost);
    awaitStored();
    loaded.record(toDevice);
    steps.await(loaded); // which has waited for all that was stored
  }

  private void awaitStored() {
    stored.record(toHost);
    toDevice.await(stored);
  }

  private void store(HostCopy copy) {
    int group = copy.group();
    int planes = cache.planes(group);
    long target = host.address(copy.hostBlock(), group);
    DeviceMatrix elements = cache.elements(group);
    long bytes = cache.layout().rows(1) * elements.rowBytes();
    store.toHost(
        elements.address() + copy.block() * bytes,
        elements.bytes() / planes,
        bytes,
        planes,
        target);
    DeviceVector scales = cache.scales(group);
    long scaleBytes = 0;
    if (scales != null) {
      scaleBytes = cache.layout().rows(1) * Float.BYTES;
      store.toHost(
          scales.address() + copy.block() * scaleBytes,
          scales.bytes() / planes,
          scaleBytes,
          planes,
          target + planes * bytes);
    }
    clock.count(planes * (bytes + scaleBytes));
  }

  private void load(HostCopy copy) {
    int group = copy.group();
    int planes = cache.planes(group);
    long source = host.address(copy.hostBlock(), group);
    DeviceMatrix elements = cache.elements(group);
    long bytes = cache.layout().rows(1) * elements.rowBytes();
    load.toDevice(
        source,
        elements.address() + copy.block() * bytes,
        elements.bytes() / planes,
        bytes,
        planes);
    DeviceVector scales = cache.scales(group);
    if (scales != null) {
      long scaleBytes = cache.layout().rows(1) * Float.BYTES;
      load.toDevice(
          source + planes * bytes,
          scales.address() + copy.block() * scaleBytes,
          scales.bytes() / planes,
          scaleBytes,
          planes);
    }
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
    toHost.close();
    toDevice.close();
    store.close();
    load.close();
    stored.close();
    loaded.close();
    clock.close();
  }
}
