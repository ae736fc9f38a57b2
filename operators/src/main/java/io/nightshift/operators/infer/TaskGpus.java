package io.nightshift.operators.infer;

import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.DeviceHeldException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The GPUs of a task. Flink gives them to a TaskManager, as its external resource {@code gpu}, and
 * tells every slot of all of them; which slot takes which is for the tasks to agree on.
 */
public final class TaskGpus {
  private static final Logger LOG = LoggerFactory.getLogger(TaskGpus.class);

  /** Flink's name for them, as the cluster's configuration has it. */
  public static final String RESOURCE = "gpu";

  /** The property by which Flink's GPU driver names a GPU's number. */
  private static final String INDEX = "index";

  private TaskGpus() {}

  /**
   * The numbers of the GPUs that Flink has given to the task's TaskManager, ascending; none where
   * Flink does not count GPUs.
   */
  static List<Integer> of(RuntimeContext task) {
    return task.getExternalResourceInfos(RESOURCE).stream()
        .map(TaskGpus::index)
        .flatMap(Optional::stream)
        .map(Integer::valueOf)
        .sorted()
        .toList();
  }

  private static Optional<String> index(ExternalResourceInfo gpu) {
    return gpu.getProperty(INDEX);
  }

  /** Makes an engine on a GPU. */
  @FunctionalInterface
  public interface OnGpu {
    /**
     * @throws DeviceHeldException if another engine holds the GPU
     */
    TaskEngine create(int gpu) throws Exception;
  }

  /**
   * An engine on the first GPU that no other engine holds.
   *
   * @throws DeviceException if all are held
   */
  public static TaskEngine onFreeOne(List<Integer> gpus, OnGpu engines) throws Exception {
    for (int gpu : gpus) {
      try {
        return engines.create(gpu);
      } catch (DeviceHeldException e) {
        LOG.info("GPU {} is held by another engine, trying the next", gpu);
      }
    }
    throw new DeviceException(
        "all GPUs of this TaskManager (%s) are held by other engines: set taskmanager.numberOfTaskSlots to external-resource.gpu.amount"
            .formatted(gpus));
  }
}
