package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.PinnedMemory;

/** The inputs of a step, in host and device memory, and the copy between them. */
final class StepUpload implements AutoCloseable {
  private final PinnedMemory host;
  private final DeviceMemory device;

  /** The inputs, to be packed before {@link #copy}. */
  final StepBuffer buffer;

  private int copied;

  StepUpload(CudaDevice owner, int bytes) {
    host = new PinnedMemory(owner, bytes);
    device = new DeviceMemory(owner, "step inputs", bytes);
    buffer = new StepBuffer(host.buffer(), device.address());
  }

  /** Starts another step; the copies of the last one must have ended. */
  void begin() {
    buffer.begin();
    copied = 0;
  }

  /** Enqueues the copy of what was packed since the last one to the device. */
  void copy(CudaStream stream) {
    int bytes = buffer.size() - copied;
    if (bytes > 0) {
      stream.copyToDevice(host, copied, device.address() + copied, bytes);
      copied += bytes;
    }
  }

  @Override
  public void close() {
    host.close();
    device.close();
  }
}
