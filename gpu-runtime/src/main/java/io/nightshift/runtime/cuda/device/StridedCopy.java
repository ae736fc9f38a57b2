package io.nightshift.runtime.cuda.device;

import static io.nightshift.runtime.cuda.device.CudaCalls.check;

import org.bytedeco.cuda.cudart.CUDA_MEMCPY2D_v2;
import org.bytedeco.cuda.cudart.CUDA_MEMCPY3D_v2;
import org.bytedeco.cuda.global.cudart;

/**
 * Copies between rows of device memory, which begin at equal distances, and pinned host memory
 * without gaps between rows. The device's copy engines do so, and no multiprocessor.
 */
public final class StridedCopy implements AutoCloseable {
  /** CU_DEVICE_ATTRIBUTE_MAX_PITCH of all devices: the longest distance in two dimensions. */
  private static final long MAX_PITCH = Integer.MAX_VALUE;

  private final CudaStream stream;
  private final CUDA_MEMCPY2D_v2 near = new CUDA_MEMCPY2D_v2();
  private final CUDA_MEMCPY3D_v2 far = new CUDA_MEMCPY3D_v2();

  public StridedCopy(CudaStream stream) {
    this.stream = stream;
  }

  /**
   * Enqueues a copy to the host.
   *
   * @param source device address of the first row
   * @param pitch bytes from the start of a row to that of the next one, a multiple of {@code
   *     rowBytes}
   * @param target address of pinned memory
   */
  public void toHost(long source, long pitch, long rowBytes, long rows, long target) {
    if (pitch <= MAX_PITCH) {
      near.srcMemoryType(cudart.CU_MEMORYTYPE_DEVICE).srcDevice(source).srcPitch(pitch);
      near.dstMemoryType(cudart.CU_MEMORYTYPE_HOST).dstHost(new DeviceAddress(target));
      near.dstPitch(rowBytes);
      copyNear(rowBytes, rows);
    } else {
      far.srcMemoryType(cudart.CU_MEMORYTYPE_DEVICE).srcDevice(source);
      far.srcPitch(rowBytes).srcHeight(pitch / rowBytes);
      far.dstMemoryType(cudart.CU_MEMORYTYPE_HOST).dstHost(new DeviceAddress(target));
      far.dstPitch(rowBytes).dstHeight(1);
      copyFar(rowBytes, rows);
    }
  }

  /**
   * Enqueues a copy to the device.
   *
   * @param source address of pinned memory
   * @param target device address of the first row
   * @param pitch bytes from the start of a row to that of the next one, a multiple of {@code
   *     rowBytes}
   */
  public void toDevice(long source, long target, long pitch, long rowBytes, long rows) {
    if (pitch <= MAX_PITCH) {
      near.srcMemoryType(cudart.CU_MEMORYTYPE_HOST).srcHost(new DeviceAddress(source));
      near.srcPitch(rowBytes);
      near.dstMemoryType(cudart.CU_MEMORYTYPE_DEVICE).dstDevice(target).dstPitch(pitch);
      copyNear(rowBytes, rows);
    } else {
      far.srcMemoryType(cudart.CU_MEMORYTYPE_HOST).srcHost(new DeviceAddress(source));
      far.srcPitch(rowBytes).srcHeight(1);
      far.dstMemoryType(cudart.CU_MEMORYTYPE_DEVICE).dstDevice(target);
      far.dstPitch(rowBytes).dstHeight(pitch / rowBytes);
      copyFar(rowBytes, rows);
    }
  }

  private void copyNear(long rowBytes, long rows) {
    near.WidthInBytes(rowBytes).Height(rows);
    check(
        cudart.cuMemcpy2DAsync(near, stream.handle()),
        stream.device(),
        "cuMemcpy2DAsync(%s rows of %s bytes)".formatted(rows, rowBytes));
  }

  /** The rows are planes of one row each. */
  private void copyFar(long rowBytes, long rows) {
    far.WidthInBytes(rowBytes).Height(1).Depth(rows);
    check(
        cudart.cuMemcpy3DAsync(far, stream.handle()),
        stream.device(),
        "cuMemcpy3DAsync(%s planes of %s bytes)".formatted(rows, rowBytes));
  }

  @Override
  public void close() {
    near.close();
    far.close();
  }
}
