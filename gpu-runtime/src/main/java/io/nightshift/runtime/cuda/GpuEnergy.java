package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.cuda.device.NvmlEnergyCounter;
import io.nightshift.runtime.energy.EnergyCounter;
import io.nightshift.runtime.energy.RaplEnergyCounter;
import java.util.ArrayList;
import java.util.List;

/** The counters of energy of an engine on GPUs. */
public final class GpuEnergy {
  private GpuEnergy() {}

  /** Counters of the GPUs, and of the host's CPUs. Nothing is read yet. */
  public static List<EnergyCounter> counters(GpuGroup group) {
    List<EnergyCounter> counters = new ArrayList<>();
    for (Gpu gpu : group.gpus()) {
      counters.add(new NvmlEnergyCounter(gpu));
    }
    counters.addAll(RaplEnergyCounter.ofThisHost());
    return counters;
  }
}
