package io.nightshift.runtime.runner;

/** Thrown if a device has failed and cannot be used again in this process, only in a new one. */
public final class DeviceLostException extends DeviceException {
  private static final long serialVersionUID = 1L;

  public DeviceLostException(String message) {
    super(message);
  }

  public DeviceLostException(String message, Throwable cause) {
    super(message, cause);
  }
}
