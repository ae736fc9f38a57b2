package io.nightshift.operators.infer;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.config.GpuSelection;
import io.nightshift.runtime.cuda.CudaModelRunner;
import io.nightshift.runtime.cuda.GpuGroup;
import io.nightshift.runtime.cuda.GpuGroups;
import io.nightshift.runtime.cuda.VisibleGpus;
import io.nightshift.runtime.cuda.device.ByteCount;
import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.HostMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The GPUs of this host that a job may use, and whether they can be used. */
final class HostGpus {
  /** Share of a GPU's memory in use, on which the check's own part is small. */
  private static final double MUCH_USED = 0.1;

  private HostGpus() {}

  /**
   * The GPUs that {@code engine.gpus} names, divided among engines. None is taken.
   *
   * @param perEngine GPUs of an engine
   * @throws DeviceException if there is no driver, one of them is missing, or they are too few for
   *     an engine
   */
  static GpuGroups selected(GpuSelection selection, int perEngine) {
    VisibleGpus visible = VisibleGpus.ofThisHost();
    List<Gpu> gpus;
    try {
      gpus = visible.select(selection);
    } catch (DeviceException e) {
      throw new DeviceException("engine.gpus is " + selection + ", but " + e.getMessage(), e);
    }
    return divided(selection, gpus, perEngine);
  }

  /** Divides the GPUs of a selection among engines. */
  static GpuGroups divided(GpuSelection selection, List<Gpu> gpus, int perEngine) {
    GpuGroups divided = GpuGroups.of(selection, gpus, perEngine);
    if (divided.groups().isEmpty()) {
      throw new DeviceException(
          "engine.tensor-parallel is %s, but engine.gpus (%s) gives fewer GPUs (%s): set engine.tensor-parallel to %s at most, or use more GPUs"
              .formatted(perEngine, selection, names(gpus), gpus.size()));
    }
    return divided;
  }

  /**
   * The GPUs that Flink has assigned to this TaskManager, divided among the engines of its slots.
   *
   * @param assigned GPUs of Flink's external resource, ascending, at least one
   * @param perEngine GPUs of an engine
   * @throws DeviceException if engines of so many GPUs cannot have all of them
   */
  static List<GpuGroup> assigned(List<Gpu> assigned, int perEngine) {
    if (assigned.size() % perEngine != 0) {
      throw new DeviceException(
          "engine.tensor-parallel is %s, but Flink has assigned %s GPUs to this TaskManager (%s): set external-resource.gpu.amount to a multiple of %1$s, and taskmanager.numberOfTaskSlots to that amount / %1$s"
              .formatted(perEngine, assigned.size(), names(assigned)));
    }
    return GpuGroups.of(assigned, perEngine).groups();
  }

  private static String names(List<Gpu> gpus) {
    return gpus.stream().map(Gpu::toString).collect(Collectors.joining(", "));
  }

  /** GPUs as devices of engines, with what the user should know about them. */
  static EngineDevices devices(GpuGroups divided) {
    return devices(divided, List.of());
  }

  private static EngineDevices devices(GpuGroups divided, List<String> uses) {
    List<GpuGroup> groups = divided.groups();
    List<String> notices =
        new ArrayList<>(
            EngineDevices.noticeOfKinds(
                groups.stream()
                    .flatMap(group -> group.gpus().stream())
                    .map(gpu -> gpu.name() + ", " + gpu.memoryText())
                    .toList()));
    notices.addAll(uses);
    if (!divided.left().isEmpty()) {
      notices.add(
          "%s left over: an engine has %s GPUs (engine.tensor-parallel)"
              .formatted(
                  names(divided.left()) + (divided.left().size() == 1 ? " is" : " are"),
                  groups.get(0).gpus().size()));
    }
    return new EngineDevices(groups.stream().map(GpuGroup::toString).toList(), notices);
  }

  /**
   * Checks that each of the GPUs can be used, one after the other, and that those of an engine can
   * work together.
   *
   * @throws DeviceException if one cannot, naming the engines' GPUs that can
   */
  static EngineDevices require(GpuGroups divided, EngineModel model, EngineConfig config) {
    HostMemory.ofThisMachine().require(config.hostKvCacheMemory(), divided.groups().size());
    List<Integer> usable = new ArrayList<>();
    List<String> uses = new ArrayList<>();
    List<DeviceException> failures = new ArrayList<>();
    for (GpuGroup group : divided.groups()) {
      try {
        group.requireTogether();
        for (int rank = 0; rank < group.gpus().size(); rank++) {
          noteUse(group.gpus().get(rank), requireRoom(rank, group, model, config), uses);
        }
        usable.addAll(group.indexes());
      } catch (DeviceException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw refusal(failures, usable);
    }
    return devices(divided, uses);
  }

  private static long requireRoom(
      int rank, GpuGroup group, EngineModel model, EngineConfig config) {
    EngineModel ofRank = model.ofRank(rank, group.gpus().size());
    return CudaModelRunner.requireRoom(
        ofRank.config(), ofRank.encodings(), config.withGpus(group.indexes()).ofRank(rank));
  }

  private static void noteUse(Gpu gpu, long used, List<String> uses) {
    if (used > MUCH_USED * gpu.memory()) {
      uses.add(
          "%s: other processes have %s of its %s, so that its KV cache is smaller: end them, or name other GPUs in engine.gpus"
              .formatted(gpu, ByteCount.text(used), gpu.memoryText()));
    }
  }

  /** Lines that say how many of these GPUs an engine should have; see {@link GpuAdvice#lines}. */
  static List<String> advice(
      GpuSelection selection, EngineModel model, EngineConfig config, long kvCacheTokens) {
    List<Gpu> gpus;
    try {
      gpus = VisibleGpus.ofThisHost().select(selection);
    } catch (DeviceException e) {
      gpus = List.of(); // A plan needs none.
    }
    return GpuAdvice.lines(gpus, model, config, kvCacheTokens);
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
                failures.size() == 1 ? "" : " (and %s more)".formatted(failures.size() - 1),
                usable),
        first);
  }
}
