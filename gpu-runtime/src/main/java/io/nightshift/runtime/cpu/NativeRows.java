package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.NativeMemory;

/**
 * Dense f32 rows in native memory, by address.
 *
 * @param address of the first row
 * @param rowBytes bytes from one row to the next
 */
record NativeRows(long address, long rowBytes) {

  /** The rows of a block of memory that begins with a row of {@code columns} floats. */
  static NativeRows of(NativeMemory memory, int columns) {
    return new NativeRows(memory.address(), (long) columns * Float.BYTES);
  }

  /** Address of a row. */
  long row(int index) {
    return address + index * rowBytes;
  }
}
