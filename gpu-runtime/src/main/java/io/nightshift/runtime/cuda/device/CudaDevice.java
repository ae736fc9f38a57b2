package io.nightshift.runtime.cuda.device;

import static io.nightshift.runtime.cuda.device.CudaCalls.check;

import io.nightshift.runtime.runner.DeviceException;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * One GPU, held by this process until it is closed. Two engines cannot hold the same GPU, whether
 * in one process or in two.
 *
 * <p>The driver keeps a current device for each thread: a thread that did not open the device calls
 * {@link #makeCurrent()} first.
 */
public final class CudaDevice implements AutoCloseable {
  /** The first architecture with bf16 matrix instructions: Ampere. */
  private static final int MIN_COMPUTE_CAPABILITY = 80;

  private final int handle;
  private final Gpu gpu;
  private final DeviceLock lock;
  private final CUctx_st context = new CUctx_st();
  private boolean open;

  private CudaDevice(int handle, Gpu gpu, DeviceLock lock) {
    this.handle = handle;
    this.gpu = gpu;
    this.lock = lock;
  }

  /**
   * Takes a device and makes it current for the calling thread.
   *
   * @param ordinal number of the device among those that CUDA_VISIBLE_DEVICES makes visible
   * @throws DeviceException if there is no driver or library, no such device, the device or the
   *     driver is too old, or another engine holds the device; the message names what is missing
   */
  public static CudaDevice open(int ordinal) {
    CudaLibraries.load();
    int handle = CudaDrivers.device(ordinal);
    Gpu gpu = CudaDrivers.describe(ordinal);
    int capability = gpu.computeCapability();
    if (capability < MIN_COMPUTE_CAPABILITY) {
      throw new DeviceException(
          "%s has compute capability %s.%s; 8.0 or newer (Ampere) is needed"
              .formatted(gpu, capability / 10, capability % 10));
    }
    DeviceLock lock = DeviceLock.take(ordinal, gpu.uuid());
    CudaDevice device = new CudaDevice(handle, gpu, lock);
    try {
      device.retain();
    } catch (RuntimeException e) {
      device.close();
      throw e;
    }
    return device;
  }

  private void retain() {
    check(cudart.cuDevicePrimaryCtxRetain(context, handle), this, "cuDevicePrimaryCtxRetain");
    open = true;
    makeCurrent();
  }

  /** Makes this the device of the calling thread. */
  public void makeCurrent() {
    check(cudart.cuCtxSetCurrent(context), this, "cuCtxSetCurrent");
  }

  /**
   * Lets kernels of this device, which must be current, use the memory of another.
   *
   * @throws DeviceException if the devices cannot reach each other's memory
   */
  public void enablePeerAccess(CudaDevice peer) {
    int status = cudart.cuCtxEnablePeerAccess(peer.context, 0);
    if (status == cudart.CUDA_ERROR_PEER_ACCESS_UNSUPPORTED) {
      throw new DeviceException(
          "%s cannot reach the memory of %s: tensor parallelism needs GPUs that are connected by NVLink, or by PCIe with peer access"
              .formatted(this, peer));
    }
    if (status != cudart.CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED) {
      check(status, this, "cuCtxEnablePeerAccess(" + peer + ")");
    }
  }

  public String name() {
    return gpu.name();
  }

  /** Major version times ten plus minor version: 90 for Hopper. */
  public int computeCapability() {
    return gpu.computeCapability();
  }

  /** The architecture to compile for, with the features that are specific to it, if any. */
  public String architecture() {
    return "sm_" + computeCapability() + (computeCapability() >= 90 ? "a" : "");
  }

  public int multiprocessors() {
    return CudaDrivers.attribute(handle, cudart.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
  }

  /** Bytes of free memory. */
  public long freeMemory() {
    return memory(true);
  }

  /** Bytes of memory in total. */
  public long totalMemory() {
    return memory(false);
  }

  private long memory(boolean wantFree) {
    try (SizeTPointer free = new SizeTPointer(1);
        SizeTPointer total = new SizeTPointer(1)) {
      check(cudart.cuMemGetInfo(free, total), this, "cuMemGetInfo");
      return wantFree ? free.get() : total.get();
    }
  }

  /** Waits for all work of the device. */
  public void synchronize() {
    check(cudart.cuCtxSynchronize(), this, "cuCtxSynchronize");
  }

  @Override
  public String toString() {
    return gpu.toString();
  }

  /** Releases the device. */
  @Override
  public void close() {
    if (open) {
      open = false;
      cudart.cuCtxSetCurrent(new CUctx_st());
      cudart.cuDevicePrimaryCtxRelease(handle);
    }
    lock.close();
  }
}
