package io.nightshift.runtime.cpu.onednn;

import org.bytedeco.javacpp.Pointer;

/**
 * A movable raw address, so that native calls can be made without allocating a pointer for each.
 */
final class NativeAddress extends Pointer {

  /** Points this at {@code address} and returns it. */
  NativeAddress at(long address) {
    this.address = address;
    return this;
  }
}
