package io.nightshift.runtime.cpu.onednn;

import org.bytedeco.javacpp.Pointer;

/** A pointer whose address can be set, so that native calls need not allocate a pointer each. */
final class NativeAddress extends Pointer {

  /** Sets the address and returns this pointer. */
  NativeAddress at(long address) {
    this.address = address;
    return this;
  }
}
