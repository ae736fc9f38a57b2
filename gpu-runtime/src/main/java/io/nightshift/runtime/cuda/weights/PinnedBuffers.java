package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * Buffers that weights pass on their way to the device, in turn: while one is copied and decoded,
 * the next is filled.
 */
final class PinnedBuffers implements AutoCloseable {
  /** Bytes of a buffer. */
  static final int BYTES = 32 << 20;

  private static final int COUNT = 3;

  private final CudaStream stream;
  private final List<Buffer> buffers = new ArrayList<>();
  private int next;

  /**
   * A buffer.
   *
   * @param device as many bytes on the device
   * @param free recorded when both are no longer read
   */
  record Buffer(PinnedMemory host, DeviceMemory device, CudaEvent free) {}

  PinnedBuffers(CudaStream stream) {
    this.stream = stream;
    CudaDevice device = stream.device();
    for (int i = 0; i < COUNT; i++) {
      buffers.add(
          new Buffer(
              new PinnedMemory(device, BYTES),
              new DeviceMemory(device, "buffers for loading weights", BYTES),
              new CudaEvent(device)));
    }
  }

  /** Waits until the next buffer is no longer read. */
  Buffer next() {
    Buffer buffer = buffers.get(next);
    next = (next + 1) % COUNT;
    buffer.free().synchronize();
    return buffer;
  }

  /** Says that what is enqueued so far is the last to read a buffer. */
  void release(Buffer buffer) {
    buffer.free().record(stream);
  }

  @Override
  public void close() {
    for (Buffer buffer : buffers) {
      buffer.host().close();
      buffer.device().close();
      buffer.free().close();
    }
  }
}
