package io.nightshift.operators.infer;

import io.nightshift.runtime.runner.DeviceBusyException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * GPUs of a task. Flink assigns GPUs to a TaskManager, as its external resource {@code gpu}, and
 * reports all of them to each of its slots. Each task takes some that are not in use.
 */
public final class TaskGpus {
  private static final Logger LOG = LoggerFactory.getLogger(TaskGpus.class);

  /** Name of the external resource in Flink's configuration. */
  public static final String RESOURCE = "gpu";

  /** Property of Flink's GPU driver with the index of a GPU. */
  private static final String INDEX = "index";

  private TaskGpus() {}

  /**
   * Returns the indexes of the GPUs that Flink has assigned to the TaskManager of the task,
   * ascending; empty if GPUs are not an external resource of Flink.
   */
  static List<Integer> of(RuntimeContext task) {
    return indexes(task.getExternalResourceInfos(RESOURCE));
  }

  /** Returns the indexes of GPUs that are an external resource of Flink, ascending. */
  public static List<Integer> indexes(Set<ExternalResourceInfo> gpus) {
    return gpus.stream()
        .map(TaskGpus::index)
        .flatMap(Optional::stream)
        .map(Integer::valueOf)
        .sorted()
        .toList();
  }

  private static Optional<String> index(ExternalResourceInfo gpu) {
    return gpu.getProperty(INDEX);
  }

  /**
   * Creates an engine on given GPUs.
   *
   * @param <G> the GPUs of an engine, which its text names
   */
  @FunctionalInterface
  public interface OnGpus<G> {
    /**
     * Creates the engine.
     *
     * @throws DeviceBusyException if another engine holds one of the GPUs
     */
    TaskEngine create(G gpus) throws Exception;
  }

  /**
   * Creates an engine on the first GPUs that no other engine holds.
   *
   * @param choices GPUs that the process may use, those of one engine each; no two of them have a
   *     GPU in common
   * @param remedy what to do if there are too few, for the message
   * @throws DeviceBusyException if other engines hold all of them
   */
  public static <G> TaskEngine onFreeOne(List<G> choices, OnGpus<G> engines, String remedy)
      throws Exception {
    for (G gpus : choices) {
      try {
        return engines.create(gpus);
      } catch (DeviceBusyException e) {
        LOG.info("{}: held by another engine, trying the next", gpus);
      }
    }
    throw new DeviceBusyException(
        "all GPUs of this process (%s) are held by other engines: %s"
            .formatted(
                choices.stream().map(String::valueOf).collect(Collectors.joining(", ")), remedy));
  }
}
