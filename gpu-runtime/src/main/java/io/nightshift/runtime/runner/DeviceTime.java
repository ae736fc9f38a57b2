package io.nightshift.runtime.runner;

/**
 * What a device did with its time.
 *
 * @param busySeconds from the first to the last kernel of each step
 * @param idleSeconds between the steps
 */
public record DeviceTime(double busySeconds, double idleSeconds) {

  /** The time that has gone by since {@code earlier} was taken. */
  public DeviceTime since(DeviceTime earlier) {
    return new DeviceTime(busySeconds - earlier.busySeconds, idleSeconds - earlier.idleSeconds);
  }

  /** Share of the time between the steps. */
  public double idleShare() {
    return idleSeconds / (busySeconds + idleSeconds);
  }
}
