package io.nightshift.runtime.runner;

/** A device could not be used because another engine holds it. */
public final class DeviceHeldException extends DeviceException {
  private static final long serialVersionUID = 1L;

  public DeviceHeldException(String message) {
    super(message);
  }
}
