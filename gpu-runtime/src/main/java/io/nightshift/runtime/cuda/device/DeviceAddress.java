package io.nightshift.runtime.cuda.device;

import org.bytedeco.javacpp.Pointer;

/** A number as JavaCPP's pointer, for functions that take device memory as one. Owns nothing. */
public final class DeviceAddress extends Pointer {

  public DeviceAddress(long address) {
    this.address = address;
  }
}
