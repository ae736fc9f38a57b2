package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The inputs of a step, packed into one buffer so that they reach the device in one copy. {@link
 * StepBufferSize} gives their maximum size.
 */
final class StepBuffer {
  /** Alignment of every list, as kernels expect it. */
  private static final int ALIGNMENT = 16;

  private final ByteBuffer bytes;
  private final long deviceAddress;

  /**
   * @param bytes host memory in which steps are packed, little-endian
   * @param deviceAddress address of the device memory to which they are copied
   */
  StepBuffer(ByteBuffer bytes, long deviceAddress) {
    this.bytes = bytes;
    this.deviceAddress = deviceAddress;
  }

  /** Starts another step; the copy of the last one must have ended. */
  void begin() {
    bytes.clear();
  }

  /**
   * Adds the first {@code count} numbers of an array.
   *
   * @return their place on the device
   */
  DeviceVector add(int[] numbers, int count) {
    ByteBuffer target = reserve((long) count * Integer.BYTES);
    long address = deviceAddress + target.position();
    target.asIntBuffer().put(numbers, 0, count);
    bytes.position(target.position() + count * Integer.BYTES);
    return new DeviceVector(address, count, DeviceElementType.INT32);
  }

  DeviceVector add(int[] numbers) {
    return add(numbers, numbers.length);
  }

  /** Adds an array, padded with zeros to {@code count} numbers. */
  DeviceVector addPadded(int[] numbers, int count) {
    return add(numbers.length == count ? numbers : Arrays.copyOf(numbers, count));
  }

  /**
   * Adds an array whose length must not tell steps apart, since no kernel is given it.
   *
   * @return its place on the device, with a length up to the end of the buffer
   */
  DeviceVector addUnbounded(int[] numbers) {
    DeviceVector added = add(numbers);
    long end = deviceAddress + bytes.capacity();
    return new DeviceVector(
        added.address(), (end - added.address()) / Integer.BYTES, DeviceElementType.INT32);
  }

  /**
   * Adds {@code count} bytes.
   *
   * @param writer writes them to a buffer of this size
   * @return their place on the device
   */
  DeviceVector addBytes(int count, Consumer<ByteBuffer> writer) {
    ByteBuffer target = reserve(count);
    int start = target.position();
    writer.accept(target.slice(start, count).order(ByteOrder.LITTLE_ENDIAN));
    bytes.position(start + count);
    return new DeviceVector(deviceAddress + start, count, DeviceElementType.UINT8);
  }

  private ByteBuffer reserve(long count) {
    int start = (bytes.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (start + count > bytes.capacity()) {
      throw new IllegalStateException(
          "A step's inputs need more than the %s bytes that are reserved for them"
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
