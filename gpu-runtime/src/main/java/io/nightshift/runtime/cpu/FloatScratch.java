package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.cpu.onednn.Scratchpad;
import io.nightshift.runtime.runner.DeviceException;
import java.nio.FloatBuffer;

/** A growing native array of floats, seen by its address and as a buffer. */
final class FloatScratch implements AutoCloseable {
  private final String purpose;
  private final Scratchpad memory;
  private FloatBuffer buffer = FloatBuffer.allocate(0);
  private long address;

  FloatScratch(String purpose) {
    this.purpose = purpose;
    memory = new Scratchpad(purpose);
  }

  /**
   * Makes room for {@code floats} floats; growing loses the content.
   *
   * @throws DeviceException if that is more than a buffer holds
   */
  FloatScratch reserve(long floats) {
    if (floats > Integer.MAX_VALUE) {
      throw new DeviceException(
          "%s numbers for %s are more than the %s that a buffer holds; use shorter contexts"
              .formatted(floats, purpose, Integer.MAX_VALUE));
    }
    if (floats > buffer.capacity()) {
      NativeMemory grown = memory.memory(floats * Float.BYTES);
      buffer = grown.floats((int) floats);
      address = grown.address();
    }
    return this;
  }

  long address() {
    return address;
  }

  FloatBuffer buffer() {
    return buffer;
  }

  @Override
  public void close() {
    memory.close();
  }
}
