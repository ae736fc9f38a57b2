package io.nightshift.runtime.runner;

/**
 * A device has failed in a way that spoils it for this process: only another process can use it
 * again.
 */
public final class DeviceLostException extends DeviceException {
  private static final long serialVersionUID = 1L;

  public DeviceLostException(String message) {
    super(message);
  }

  public DeviceLostException(String message, Throwable cause) {
    super(message, cause);
  }
}
