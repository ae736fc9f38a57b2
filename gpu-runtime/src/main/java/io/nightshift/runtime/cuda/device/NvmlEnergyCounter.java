package io.nightshift.runtime.cuda.device;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import io.nightshift.runtime.energy.EnergyCounter;
import io.nightshift.runtime.energy.EnergyDevice;
import io.nightshift.runtime.energy.EnergyNotMeasuredException;
import org.jspecify.annotations.Nullable;

/**
 * The energy of a GPU, which it counts from Volta on. It is that of the whole GPU with its memory,
 * also where it is divided into instances (MIG).
 */
public final class NvmlEnergyCounter implements EnergyCounter {
  private static final String LIBRARY = "libnvidia-ml.so.1";
  private static final double MILLIJOULES = 1e-3;

  private final Gpu gpu;
  private final String library;
  private @Nullable Opened opened;

  /**
   * The GPU in the library.
   *
   * @param handle of the GPU
   */
  private record Opened(Nvml functions, Pointer handle) {}

  /** Nothing is opened before the first reading. */
  public NvmlEnergyCounter(Gpu gpu) {
    this(gpu, LIBRARY);
  }

  /**
   * @param library name or path of the management library
   */
  NvmlEnergyCounter(Gpu gpu, String library) {
    this.gpu = gpu;
    this.library = library;
  }

  @Override
  public EnergyDevice device() {
    return new EnergyDevice(EnergyDevice.Kind.GPU, gpu.uuid());
  }

  @Override
  public double joules() throws EnergyNotMeasuredException {
    try {
      Opened counting = opened == null ? open() : opened;
      opened = counting;
      Nvml functions = counting.functions();
      LongByReference millijoules = new LongByReference();
      check(
          functions,
          functions.nvmlDeviceGetTotalEnergyConsumption(counting.handle(), millijoules),
          "nvmlDeviceGetTotalEnergyConsumption");
      return millijoules.getValue() * MILLIJOULES;
    } catch (UnsatisfiedLinkError e) { // There is no library, or a driver that is too old.
      throw new EnergyNotMeasuredException(
          "energy of %s not measured: the driver's management library (%s) cannot be used: %s"
              .formatted(gpu, library, e.getMessage()),
          e);
    }
  }

  /** The library stays open, as the driver does: the process uses both to its end. */
  private Opened open() throws EnergyNotMeasuredException {
    Nvml functions = ResidentLibrary.open(library, Nvml.class);
    check(functions, functions.nvmlInit_v2(), "nvmlInit");
    PointerByReference device = new PointerByReference();
    check(
        functions,
        functions.nvmlDeviceGetHandleByPciBusId_v2(gpu.pciBusId(), device),
        "nvmlDeviceGetHandleByPciBusId(" + gpu.pciBusId() + ")");
    return new Opened(functions, device.getValue());
  }

  private void check(Nvml functions, int status, String call) throws EnergyNotMeasuredException {
    if (status != Nvml.SUCCESS) {
      throw new EnergyNotMeasuredException(
          "energy of %s not measured: %s says %s"
              .formatted(gpu, call, functions.nvmlErrorString(status)));
    }
  }
}
