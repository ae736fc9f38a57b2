package io.nightshift.operators.infer;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.config.GpuSelection;
import io.nightshift.runtime.cuda.CudaModelRunner;
import io.nightshift.runtime.cuda.VisibleGpus;
import io.nightshift.runtime.cuda.device.ByteCount;
import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.DeviceException;
import java.util.ArrayList;
import java.util.List;

/** The GPUs of this host that a job may use, and whether they can be used. */
final class HostGpus {
  /** Share of a GPU's memory in use, on which the check's own part is small. */
  private static final double MUCH_USED = 0.1;

  private HostGpus() {}

  /**
   * The GPUs that {@code engine.gpus} names. None is taken.
   *
   * @throws DeviceException if there is no driver, or one of them is missing
   */
  static List<Gpu> selected(GpuSelection selection) {
    VisibleGpus visible = VisibleGpus.ofThisHost();
    try {
      return visible.select(selection);
    } catch (DeviceException e) {
      throw new DeviceException("engine.gpus is " + selection + ", but " + e.getMessage(), e);
    }
  }

  /** GPUs as devices of engines, with what the user should know about them. */
  static EngineDevices devices(List<Gpu> gpus) {
    return devices(gpus, List.of());
  }

  private static EngineDevices devices(List<Gpu> gpus, List<String> uses) {
    List<String> notices =
        new ArrayList<>(
            EngineDevices.noticeOfKinds(
                gpus.stream().map(gpu -> gpu.name() + ", " + gpu.memoryText()).toList()));
    notices.addAll(uses);
    return new EngineDevices(gpus.stream().map(Gpu::toString).toList(), notices);
  }

  /**
   * Checks that each of the GPUs can be used, one after the other.
   *
   * @throws DeviceException if one cannot, naming those that can
   */
  static EngineDevices require(List<Gpu> gpus, ModelConfig model, EngineConfig config) {
    List<Integer> usable = new ArrayList<>();
    List<String> uses = new ArrayList<>();
    List<DeviceException> failures = new ArrayList<>();
    for (Gpu gpu : gpus) {
      try {
        long used = CudaModelRunner.requireRoom(model, config.withGpu(gpu.index()));
        usable.add(gpu.index());
        if (used > MUCH_USED * gpu.memory()) {
          uses.add(
              "%s: other processes have %s of its %s, so that its KV cache is smaller: end them, or name other GPUs in engine.gpus"
                  .formatted(gpu, ByteCount.text(used), gpu.memoryText()));
        }
      } catch (DeviceException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw refusal(failures, usable);
    }
    return devices(gpus, uses);
  }

  private static DeviceException refusal(List<DeviceException> failures, List<Integer> usable) {
    DeviceException first = failures.get(0);
    if (usable.isEmpty()) {
      return first;
    }
    return new DeviceException(
        "%s%s; or leave it out: engine.gpus: %s"
            .formatted(
                first.getMessage(),
                failures.size() == 1 ? "" : " (and %s more GPUs)".formatted(failures.size() - 1),
                usable),
        first);
  }
}
