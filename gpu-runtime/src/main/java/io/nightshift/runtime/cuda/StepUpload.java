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

  StepUpload(CudaDevice owner, int bytes) {
    host = new PinnedMemory(owner, bytes);
    device = new DeviceMemory(owner, "step inputs", bytes);
    buffer = new StepBuffer(host.buffer(), device.address());
  }

  /** Enqueues the copy to the device. */
  void copy(CudaStream stream) {
    if (buffer.size() > 0) {
      stream.copyToDevice(host, device.address(), buffer.size());
    }
  }

  @Override
  public void close() {
    host.close();
    device.close();
  }
}
