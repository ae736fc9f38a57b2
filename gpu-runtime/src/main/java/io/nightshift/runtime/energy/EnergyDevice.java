package io.nightshift.runtime.energy;

import java.io.Serializable;

/**
 * A device that takes energy.
 *
 * @param kind what it is
 * @param id the same in every process that uses the device, and that of no other device anywhere
 */
public record EnergyDevice(Kind kind, String id) implements Serializable {

  /** Kinds of devices. */
  public enum Kind {
    /** A whole GPU, with its memory. */
    GPU,
    /** A CPU package: cores, caches and memory controller, without the memory itself. */
    CPU
  }
}
