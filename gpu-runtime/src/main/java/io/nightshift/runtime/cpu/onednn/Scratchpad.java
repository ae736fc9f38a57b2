package io.nightshift.runtime.cpu.onednn;

import org.jspecify.annotations.Nullable;

/** Scratch memory of one thread, which grows to the largest size ever requested. */
public final class Scratchpad implements AutoCloseable {
  private final String purpose;
  private @Nullable NativeMemory memory;

  public Scratchpad(String purpose) {
    this.purpose = purpose;
  }

  /**
   * Address of at least {@code bytes} bytes. Valid until more is requested; growing discards the
   * content.
   */
  public long address(long bytes) {
    return memory(bytes).address();
  }

  /** The block of at least {@code bytes} bytes, under the same conditions. */
  public NativeMemory memory(long bytes) {
    NativeMemory current = memory;
    if (current == null || current.bytes() < bytes) {
      close();
      current = NativeMemory.allocate(bytes, purpose);
      memory = current;
    }
    return current;
  }

  @Override
  public void close() {
    if (memory != null) {
      memory.close();
      memory = null;
    }
  }
}
