package io.nightshift.runtime.runner;

/** Thrown if a device is already in use by another engine. */
public final class DeviceBusyException extends DeviceException {
  private static final long serialVersionUID = 1L;

  public DeviceBusyException(String message) {
    super(message);
  }
}
