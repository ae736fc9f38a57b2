package io.nightshift.runtime.energy;

/** The energy of a device is not known. The message names the device and the cause. */
public final class EnergyNotMeasuredException extends Exception {
  private static final long serialVersionUID = 1L;

  public EnergyNotMeasuredException(String message) {
    super(message);
  }

  public EnergyNotMeasuredException(String message, Throwable cause) {
    super(message, cause);
  }
}
