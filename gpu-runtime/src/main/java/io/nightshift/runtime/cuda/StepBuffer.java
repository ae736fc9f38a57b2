package io.nightshift.runtime.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * All that a step's kernels read from the host, packed into one buffer so that one copy brings it
 * to the device. {@link StepBufferSize} says how large that can get.
 */
final class StepBuffer {
  /** What kernels expect of every pointer. */
  private static final int ALIGNMENT = 16;

  private final ByteBuffer bytes;
  private final long deviceAddress;

  /**
   * @param bytes where steps are packed, little-endian
   * @param deviceAddress where the device will have them
   */
  StepBuffer(ByteBuffer bytes, long deviceAddress) {
    this.bytes = bytes;
    this.deviceAddress = deviceAddress;
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
    long address = deviceAddress + target.position();
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
    return deviceAddress + start;
  }

  private ByteBuffer reserve(long count) {
    int start = (bytes.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (start + count > bytes.capacity()) {
      throw new IllegalStateException(
          "A step's inputs need more than the %s bytes that are kept for them"
              .formatted(bytes.capacity()));
    }
    bytes.position(start);
    return bytes;
  }

  /** Bytes of the step so far. */
  int size() {
    return bytes.position();
  }
}
