package io.nightshift.runtime.energy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the counters of the devices that an engine uses, from its first step to its last one.
 * Thread-safe.
 */
public final class EnergyMeter {
  /** Time between two readings of a busy engine: well before any counter starts anew. */
  private static final long READ_MILLIS = 10_000;

  private final List<Reading> readings = new ArrayList<>();
  private final LongSupplier clock;
  private long startMillis;
  private long endMillis;
  private boolean begun;

  /** What a counter said. */
  private static final class Reading {
    private final EnergyCounter counter;
    private double first;
    private double last;
    private @Nullable String cause;

    Reading(EnergyCounter counter) {
      this.counter = counter;
    }

    void begin() {
      read();
      first = last;
    }

    void read() {
      if (cause == null) {
        try {
          last = counter.joules();
        } catch (EnergyNotMeasuredException e) {
          cause = String.valueOf(e.getMessage());
        }
      }
    }

    double joules() {
      return cause == null ? last - first : Double.NaN;
    }
  }

  /**
   * @param counters of the devices; they are read by this meter alone
   */
  public EnergyMeter(List<? extends EnergyCounter> counters) {
    this(counters, System::currentTimeMillis);
  }

  /**
   * @param clock milliseconds since the epoch
   */
  EnergyMeter(List<? extends EnergyCounter> counters, LongSupplier clock) {
    counters.forEach(counter -> readings.add(new Reading(counter)));
    this.clock = clock;
  }

  /** The engine's first step is about to begin. Before later steps, this has no effect. */
  public synchronized void begin() {
    if (!begun) {
      begun = true;
      readings.forEach(Reading::begin); // The first reading of a counter may take a while.
      startMillis = clock.getAsLong();
      endMillis = startMillis;
    }
  }

  /**
   * A step has ended. Reads the counters if it may be the last one, or some seconds after the last
   * time.
   *
   * @param last whether nothing is left to do for now
   */
  public synchronized void stepped(boolean last) {
    if (last || clock.getAsLong() - endMillis >= READ_MILLIS) {
      read();
    }
  }

  /** Reads the counters now. Before the first step, this has no effect. */
  public synchronized void read() {
    if (begun) {
      readings.forEach(Reading::read);
      endMillis = clock.getAsLong();
    }
  }

  /** What the devices took from the first step to the last reading. */
  public synchronized MeasuredEnergy measured() {
    if (!begun) {
      return MeasuredEnergy.NONE;
    }
    List<EnergyInterval> intervals = new ArrayList<>();
    List<String> causes = new ArrayList<>();
    for (Reading reading : readings) {
      intervals.add(
          new EnergyInterval(reading.counter.device(), startMillis, endMillis, reading.joules()));
      if (reading.cause != null) {
        causes.add(reading.cause);
      }
    }
    return new MeasuredEnergy(intervals, causes);
  }
}
