package io.nightshift.runtime.runner;

/**
 * Busy and idle time of a device.
 *
 * @param busySeconds time from the first to the last kernel of each step
 * @param idleSeconds time between the steps
 */
public record DeviceTime(double busySeconds, double idleSeconds) {

  /** Returns the difference to an earlier measurement. */
  public DeviceTime since(DeviceTime earlier) {
    return new DeviceTime(busySeconds - earlier.busySeconds, idleSeconds - earlier.idleSeconds);
  }

  /** Fraction of the time that the device was idle. */
  public double idleShare() {
    return idleSeconds / (busySeconds + idleSeconds);
  }
}
