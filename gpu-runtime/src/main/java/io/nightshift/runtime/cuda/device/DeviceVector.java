package io.nightshift.runtime.cuda.device;

import java.util.Objects;

/**
 * A vector in device memory.
 *
 * @param address device address of the first element
 * @param length number of elements
 */
public record DeviceVector(long address, long length, DeviceElementType type)
    implements DeviceBuffer {

  public DeviceVector {
    if (length < 0) {
      throw new IllegalArgumentException("length must not be negative, but is " + length);
    }
  }

  /** The length as an int, as launches and kernels take it. */
  public int size() {
    return Math.toIntExact(length);
  }

  /**
   * Elements {@code from} to {@code from + count - 1}.
   *
   * @throws IndexOutOfBoundsException if the vector does not have them
   */
  public DeviceVector slice(long from, long count) {
    Objects.checkFromIndexSize(from, count, length);
    return new DeviceVector(address + from * type.bytes(), count, type);
  }

  /**
   * The elements as a matrix of {@code columns} columns.
   *
   * @throws IllegalArgumentException if the last row is not complete
   */
  public DeviceMatrix asRows(int columns) {
    if (length % columns != 0) {
      throw new IllegalArgumentException(length + " elements in rows of " + columns);
    }
    return new DeviceMatrix(address, length / columns, columns, type);
  }

  @Override
  public long bytes() {
    return length * type.bytes();
  }
}
