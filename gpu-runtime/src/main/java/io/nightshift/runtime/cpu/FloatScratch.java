package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.cpu.onednn.Scratchpad;
import java.nio.FloatBuffer;

/** A growing native array of floats, seen by its address and as a buffer. */
final class FloatScratch implements AutoCloseable {
  private final Scratchpad memory;
  private FloatBuffer buffer = FloatBuffer.allocate(0);
  private long address;

  FloatScratch(String purpose) {
    memory = new Scratchpad(purpose);
  }

  /** Makes room for {@code floats} floats; growing loses the content. */
  FloatScratch reserve(int floats) {
    if (floats > buffer.capacity()) {
      NativeMemory grown = memory.memory((long) floats * Float.BYTES);
      buffer = grown.floats(floats);
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
