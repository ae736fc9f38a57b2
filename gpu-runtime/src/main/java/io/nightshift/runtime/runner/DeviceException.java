package io.nightshift.runtime.runner;

/**
 * A device could not be used, or failed. The message names the device, what was tried, and the
 * remedy.
 */
public class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DeviceException(String message) {
    super(message);
  }

  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
