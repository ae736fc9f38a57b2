package io.nightshift.runtime.runner;

/** Thrown if a device is already in use by another engine. */
public final class DeviceHeldException extends DeviceException {
  private static final long serialVersionUID = 1L;

  public DeviceHeldException(String message) {
    super(message);
  }
}
