package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.runner.DeviceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * All that a step's kernels read from the host, packed into one pinned buffer so that one copy
 * brings it to the device.
 */
final class StepBuffer implements AutoCloseable {
  /** Block tables of a thousand of the longest contexts, and lists for the largest steps. */
  private static final int BYTES = 64 << 20;

  /** What kernels expect of every pointer. */
  private static final int ALIGNMENT = 16;

  private final PinnedMemory host;
  private final DeviceMemory device;
  private final ByteBuffer bytes;

  StepBuffer(CudaDevice owner) {
    host = new PinnedMemory(owner, BYTES);
    device = new DeviceMemory(owner, "step inputs", BYTES);
    bytes = host.buffer();
  }

  /** Device memory that this takes. */
  static long deviceBytes() {
    return BYTES;
  }

  /** Begins another step; the copy of the last one must be over. */
  void begin() {
    bytes.clear();
  }

  /**
   * Adds the first {@code count} numbers of an array.
   *
   * @return where they will lie on the device
   */
  long add(int[] numbers, int count) {
    ByteBuffer target = reserve((long) count * Integer.BYTES);
    long address = device.address() + target.position();
    target.asIntBuffer().put(numbers, 0, count);
    bytes.position(target.position() + count * Integer.BYTES);
    return address;
  }

  long add(int[] numbers) {
    return add(numbers, numbers.length);
  }

  /** Adds an array and zeros behind it, {@code count} numbers together. */
  long addPadded(int[] numbers, int count) {
    return add(numbers.length == count ? numbers : Arrays.copyOf(numbers, count));
  }

  /**
   * Adds {@code count} bytes.
   *
   * @param writer puts them into the buffer that it is given
   * @return where they will lie on the device
   */
  long addBytes(int count, Consumer<ByteBuffer> writer) {
    ByteBuffer target = reserve(count);
    int start = target.position();
    writer.accept(target.slice(start, count).order(ByteOrder.LITTLE_ENDIAN));
    bytes.position(start + count);
    return device.address() + start;
  }

  private ByteBuffer reserve(long count) {
    int start = (bytes.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (start + count > bytes.capacity()) {
      throw new DeviceException(
          "A step's inputs need more than the %s bytes that are kept for them"
              .formatted(bytes.capacity()));
    }
    bytes.position(start);
    return bytes;
  }

  /** Puts the copy into the stream. */
  void upload(CudaStream stream) {
    if (bytes.position() > 0) {
      stream.copyToDevice(host, device.address(), bytes.position());
    }
  }

  @Override
  public void close() {
    host.close();
    device.close();
  }
}
