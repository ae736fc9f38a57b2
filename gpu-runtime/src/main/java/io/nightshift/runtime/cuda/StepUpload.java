package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.PinnedMemory;

/** The memory of a step's inputs, on the host and on the device, and the copy between. */
final class StepUpload implements AutoCloseable {
  private final PinnedMemory host;
  private final DeviceMemory device;

  /** What is copied. */
  final StepBuffer buffer;

  StepUpload(CudaDevice owner, int bytes) {
    host = new PinnedMemory(owner, bytes);
    device = new DeviceMemory(owner, "step inputs", bytes);
    buffer = new StepBuffer(host.buffer(), device.address());
  }

  /** Puts the copy into the stream. */
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
