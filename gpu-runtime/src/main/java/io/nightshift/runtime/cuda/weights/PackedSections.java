package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.kernels.PackedMatrix;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.Quantization.ColumnGroups;

/**
 * Rows of a {@link PackedMatrix} in a buffer: codes, scales, offsets, row scales and listed groups,
 * one behind the other.
 *
 * @param count number of rows
 */
record PackedSections(Quantization encoding, int columns, int count) {
  private static final int SECTIONS = 5;

  /** As many of the rows as fit a buffer. */
  static PackedSections fitting(Quantization encoding, int columns, long rows) {
    PackedSections one = new PackedSections(encoding, columns, 1);
    long rowBytes = one.codeBytes() + 2L * one.groupBytes() + Float.BYTES;
    long room =
        PinnedBuffers.BYTES
            - (long) SECTIONS * DeviceMemory.ALIGNMENT
            - (long) columns * Integer.BYTES;
    if (room < rowBytes) {
      throw new IllegalArgumentException("a quantized matrix has rows of " + rowBytes + " bytes");
    }
    return one.withCount((int) Math.min(rows, room / rowBytes));
  }

  PackedSections withCount(int rows) {
    return new PackedSections(encoding, columns, rows);
  }

  int codeBytes() {
    return PackedMatrix.codeBytes(encoding.codes(), columns);
  }

  int groupBytes() {
    return encoding.groupCount(columns) * Short.BYTES;
  }

  long scalesAt() {
    return DeviceMemory.aligned((long) count * codeBytes());
  }

  long offsetsAt() {
    return scalesAt() + DeviceMemory.aligned((long) count * groupBytes());
  }

  long rowScalesAt() {
    return offsetsAt() + DeviceMemory.aligned((long) count * groupBytes());
  }

  long columnGroupsAt() {
    return rowScalesAt() + DeviceMemory.aligned((long) count * Float.BYTES);
  }

  long bytes() {
    return columnGroupsAt()
        + (encoding.groups() instanceof ColumnGroups.Listed ? (long) columns * Integer.BYTES : 0);
  }

  /** The matrix whose sections begin at a device address. */
  PackedMatrix matrix(long address) {
    int groups = encoding.groupCount(columns);
    return new PackedMatrix(
        encoding.codes(),
        columns,
        encoding.groupSize(),
        new DeviceMatrix(address, count, codeBytes(), DeviceElementType.UINT8),
        new DeviceMatrix(address + scalesAt(), count, groups, DeviceElementType.F16),
        encoding.hasOffsets()
            ? new DeviceMatrix(address + offsetsAt(), count, groups, DeviceElementType.F16)
            : null,
        new DeviceVector(address + rowScalesAt(), count, DeviceElementType.F32),
        encoding.groups() instanceof ColumnGroups.Listed
            ? new DeviceVector(address + columnGroupsAt(), columns, DeviceElementType.INT32)
            : null);
  }
}
