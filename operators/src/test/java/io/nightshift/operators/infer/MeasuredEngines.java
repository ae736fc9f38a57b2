package io.nightshift.operators.infer;

import io.nightshift.runtime.energy.EnergyCounter;
import io.nightshift.runtime.energy.EnergyDevice;
import io.nightshift.runtime.energy.EnergyMeter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The engines of {@link CheckpointedEngines}, each on a GPU of its own that takes a joule for each
 * reading. GPUs are numbered by the order in which engines are created.
 *
 * @param steps that wait for a checkpoint
 */
record MeasuredEngines(int steps) implements EngineFactory {
  static final AtomicInteger CREATED = new AtomicInteger();

  @Override
  public TaskEngine create() {
    TaskEngine engine = new CheckpointedEngines(steps).create();
    EnergyDevice gpu = new EnergyDevice(EnergyDevice.Kind.GPU, "GPU-" + CREATED.getAndIncrement());
    return new TaskEngine(
        engine.engine(),
        engine.constraints(),
        engine.tokenTexts(),
        engine.description(),
        new EnergyMeter(List.of(new JoulePerReading(gpu))),
        engine.resources());
  }

  private static final class JoulePerReading implements EnergyCounter {
    private final EnergyDevice device;
    private int readings;

    JoulePerReading(EnergyDevice device) {
      this.device = device;
    }

    @Override
    public EnergyDevice device() {
      return device;
    }

    @Override
    public double joules() {
      return readings++;
    }
  }
}
