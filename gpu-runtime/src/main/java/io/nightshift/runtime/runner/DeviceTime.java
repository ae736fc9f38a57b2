package io.nightshift.runtime.runner;

/**
 * Busy and idle time of a device.
 *
 * @param busySeconds time from the first to the last kernel of each step, without {@code
 *     maskWaitSeconds}
 * @param idleSeconds time between the steps
 * @param maskWaitSeconds time in which steps had computed their logits and waited for the masks of
 *     constrained rows
 */
public record DeviceTime(double busySeconds, double idleSeconds, double maskWaitSeconds) {

  /** Returns the difference to an earlier measurement. */
  public DeviceTime since(DeviceTime earlier) {
    return new DeviceTime(
        busySeconds - earlier.busySeconds,
        idleSeconds - earlier.idleSeconds,
        maskWaitSeconds - earlier.maskWaitSeconds);
  }

  /** Returns the time of two devices together. */
  public DeviceTime plus(DeviceTime other) {
    return new DeviceTime(
        busySeconds + other.busySeconds,
        idleSeconds + other.idleSeconds,
        maskWaitSeconds + other.maskWaitSeconds);
  }

  /** Fraction of the time that the device was idle. */
  public double idleShare() {
    double waits = idleSeconds + maskWaitSeconds;
    return waits / (busySeconds + waits);
  }
}
