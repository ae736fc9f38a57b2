package io.nightshift.runtime.energy;

/** Counts the energy that one device has taken, whoever used it. Not thread-safe. */
public interface EnergyCounter {
  /** What takes the energy. */
  EnergyDevice device();

  /**
   * Energy in joules since some moment, the same for all calls.
   *
   * @throws EnergyNotMeasuredException if the device does not count it, or it may not be read; the
   *     message names the device, the cause and the remedy if there is one
   */
  double joules() throws EnergyNotMeasuredException;
}
