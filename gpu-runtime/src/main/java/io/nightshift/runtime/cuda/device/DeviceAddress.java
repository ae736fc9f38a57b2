package io.nightshift.runtime.cuda.device;

import org.bytedeco.javacpp.Pointer;

/** A device address as a JavaCPP pointer, for functions that take one. Owns no memory. */
public final class DeviceAddress extends Pointer {

  public DeviceAddress(long address) {
    this.address = address;
  }
}
