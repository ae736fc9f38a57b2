package io.nightshift.runtime.runner;

/**
 * Thrown if a device cannot be used or has failed. The message names the device, the failed
 * operation and a remedy.
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
