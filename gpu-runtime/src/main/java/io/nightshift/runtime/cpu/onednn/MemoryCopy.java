package io.nightshift.runtime.cpu.onednn;

import org.bytedeco.javacpp.Pointer;

/** Copies between raw addresses without allocating. Owned by one thread. */
public final class MemoryCopy {
  private final NativeAddress source = new NativeAddress();
  private final NativeAddress target = new NativeAddress();

  /** Copies {@code bytes} bytes; the ranges must not overlap. */
  public void copy(long from, long to, long bytes) {
    Pointer.memcpy(target.at(to), source.at(from), bytes);
  }

  /** Sets {@code bytes} bytes to zero. */
  public void clear(long address, long bytes) {
    Pointer.memset(target.at(address), 0, bytes);
  }
}
