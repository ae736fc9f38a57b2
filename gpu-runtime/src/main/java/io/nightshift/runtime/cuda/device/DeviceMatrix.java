package io.nightshift.runtime.cuda.device;

import java.util.Objects;

/**
 * A row-major matrix in device memory, without gaps between rows.
 *
 * @param address device address of the first element
 * @param columns elements of a row
 */
public record DeviceMatrix(long address, long rows, int columns, DeviceElementType type)
    implements DeviceBuffer {

  public DeviceMatrix {
    if (rows < 0 || columns <= 0) {
      throw new IllegalArgumentException("a matrix of [%s, %s]".formatted(rows, columns));
    }
  }

  /** The number of rows as an int, as launches and kernels take it. */
  public int rowCount() {
    return Math.toIntExact(rows);
  }

  /**
   * Rows {@code from} to {@code from + count - 1}.
   *
   * @throws IndexOutOfBoundsException if the matrix does not have them
   */
  public DeviceMatrix rows(long from, long count) {
    Objects.checkFromIndexSize(from, count, rows);
    return new DeviceMatrix(address + from * rowBytes(), count, columns, type);
  }

  /** Bytes of a row. */
  public long rowBytes() {
    return (long) columns * type.bytes();
  }

  @Override
  public long bytes() {
    return rows * rowBytes();
  }
}
