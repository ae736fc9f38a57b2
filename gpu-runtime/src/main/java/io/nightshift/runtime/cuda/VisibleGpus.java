package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.GpuSelection;
import io.nightshift.runtime.cuda.device.CudaDrivers;
import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.runner.DeviceException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The GPUs that the driver shows to this process. None of them is taken.
 *
 * @param gpus by index
 */
public record VisibleGpus(List<Gpu> gpus) {
  public VisibleGpus {
    gpus = List.copyOf(gpus);
  }

  /**
   * Asks the driver.
   *
   * @throws DeviceException if there is no driver or library, or the driver is too old
   */
  public static VisibleGpus ofThisHost() {
    return new VisibleGpus(CudaDrivers.visible());
  }

  /**
   * The GPUs that a selection names, in its order.
   *
   * @throws DeviceException naming those that there are, if one is missing
   */
  public List<Gpu> select(GpuSelection selection) {
    List<Integer> indexes = selection.indexes(gpus.size());
    if (indexes.isEmpty()) {
      throw new DeviceException("there is no GPU: " + whatThereIs());
    }
    for (int index : indexes) {
      if (index >= gpus.size()) {
        throw new DeviceException(
            selection instanceof GpuSelection.Count
                ? "there are not " + selection + " GPUs: " + whatThereIs()
                : "there is no GPU " + index + ": " + whatThereIs());
      }
    }
    return indexes.stream().map(gpus::get).toList();
  }

  private String whatThereIs() {
    return "the driver shows "
        + (gpus.isEmpty()
            ? "none"
            : gpus.stream().map(Gpu::toString).collect(Collectors.joining(", ")))
        + CudaDrivers.visibleDevices();
  }
}
