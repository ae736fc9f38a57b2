package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.cpu.onednn.Scratchpad;
import io.nightshift.runtime.runner.DeviceException;
import java.nio.FloatBuffer;

/** A native array of floats that grows on demand, accessible by address and as a buffer. */
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
   * Ensures room for {@code floats} floats. Growing discards the content.
   *
   * @throws DeviceException if that is more than a buffer can hold
   */
  FloatScratch reserve(long floats) {
    if (floats > Integer.MAX_VALUE) {
      throw new DeviceException(
          "%s floats for %s exceed the %s that a buffer can hold; use shorter contexts"
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
