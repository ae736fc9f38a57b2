package io.nightshift.runtime.cuda.device;

import static io.nightshift.runtime.cuda.device.CudaCalls.check;

import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;

/** A point in a stream that can be waited for and timed. */
public final class CudaEvent implements AutoCloseable {
  private final CudaDevice device;
  private final CUevent_st handle = new CUevent_st();

  public CudaEvent(CudaDevice device) {
    this.device = device;
    check(cudart.cuEventCreate(handle, cudart.CU_EVENT_DEFAULT), device, "cuEventCreate");
  }

  CUevent_st handle() {
    return handle;
  }

  /** Enqueues the event. */
  public void record(CudaStream stream) {
    check(cudart.cuEventRecord(handle, stream.handle()), device, "cuEventRecord");
  }

  /** Waits on the host until the stream has reached the event. */
  public void synchronize() {
    check(cudart.cuEventSynchronize(handle), device, "cuEventSynchronize");
  }

  /** Seconds between an earlier event and this one, which the stream must have reached. */
  public double secondsSince(CudaEvent start) {
    float[] milliseconds = new float[1];
    check(
        cudart.cuEventElapsedTime(milliseconds, start.handle, handle),
        device,
        "cuEventElapsedTime");
    return milliseconds[0] / 1e3;
  }

  @Override
  public void close() {
    cudart.cuEventDestroy(handle);
  }
}
