package io.nightshift.job.pipeline;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.TaskManagerOptions;
import io.nightshift.job.progress.NumberText;
import io.nightshift.job.run.Submission;
import io.nightshift.operators.infer.EngineDevices;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.runtime.runner.DeviceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engines of a job: on a cluster as many as its parallelism, in this process as many as its
 * devices are enough for.
 *
 * @param count how many there are
 * @param devices on this machine, the text of each engine's; none on a cluster, or if engines have
 *     no devices of their own
 * @param notices what the user should know about them
 */
record JobEngines(int count, List<String> devices, List<String> notices) {
  private static final Logger LOG = LoggerFactory.getLogger(JobEngines.class);

  JobEngines {
    devices = List.copyOf(devices);
    notices = List.copyOf(notices);
  }

  /**
   * The engines that will run. In this process, checks that all their devices can be used.
   *
   * @throws InvalidJobException if not, or if there are fewer devices than Flink's configuration
   *     asks for engines
   */
  static JobEngines require(EngineFactory engines, Submission submission)
      throws IOException, InterruptedException {
    requireKnownKeys(submission);
    if (!submission.embedded()) {
      return ofCluster(submission);
    }
    try {
      EngineFactory here = engines.onTaskManager(submission.flink());
      int count = count(here.devices(), submission);
      EngineDevices used = here.requireDevices(count);
      used.notices().forEach(LOG::warn);
      return new JobEngines(count, used.names(), used.notices());
    } catch (DeviceException | IllegalConfigurationException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The engines that would run, without taking a device. Planning needs none, so that a machine
   * without the devices counts as one with those that the job names, or with a single engine.
   *
   * @throws InvalidJobException if there are fewer devices than Flink's configuration asks for
   *     engines, or the job names fewer than an engine needs
   */
  static JobEngines expected(EngineFactory engines, Submission submission) {
    requireKnownKeys(submission);
    if (!submission.embedded()) {
      return ofCluster(submission);
    }
    try {
      EngineDevices devices = engines.onTaskManager(submission.flink()).devices();
      int count = count(devices, submission);
      List<String> used = devices.areExclusive() ? devices.names().subList(0, count) : List.of();
      return new JobEngines(count, used, devices.notices());
    } catch (IllegalConfigurationException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    } catch (DeviceException e) {
      int named = engines.namedDevices();
      if (named > 0 && named < engines.gpusPerEngine()) {
        throw new InvalidJobException(
            "engine.gpus names %s, but an engine needs %s (engine.tensor-parallel): name more, or make it smaller"
                .formatted(NumberText.count(named, "GPU"), engines.gpusPerEngine()));
      }
      String who =
          named == 0
              ? "1 assumed, not on this machine"
              : "engine.gpus names %s, which this machine does not have"
                  .formatted(NumberText.count(named, "GPU"));
      int count = Math.max(1, named / Math.max(1, engines.gpusPerEngine()));
      return new JobEngines(count, List.of(), List.of(who + ": " + e.getMessage()));
    }
  }

  /** Often this process and the TaskManagers have the same configuration. */
  private static void requireKnownKeys(Submission submission) {
    try {
      TaskManagerOptions.requireKnownKeys(submission.flink());
    } catch (IllegalConfigurationException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

  private static JobEngines ofCluster(Submission submission) {
    return new JobEngines(parallelism(submission).orElse(1), List.of(), List.of());
  }

  private static Optional<Integer> parallelism(Submission submission) {
    return submission.flink().getOptional(CoreOptions.DEFAULT_PARALLELISM);
  }

  private static int count(EngineDevices devices, Submission submission) {
    int wanted = parallelism(submission).orElse(devices.engines());
    if (devices.areExclusive() && wanted > devices.engines()) {
      throw new InvalidJobException(
          "%s is %s in Flink's configuration, but the GPUs of engine.gpus are enough for %s (%s): set it to %s at most, or remove it"
              .formatted(
                  CoreOptions.DEFAULT_PARALLELISM.key(),
                  wanted,
                  NumberText.count(devices.engines(), "engine"),
                  String.join(", ", devices.names()),
                  devices.engines()));
    }
    return wanted;
  }

  /** Lines for a report; none about a single engine without a device of its own. */
  List<String> text() {
    List<String> lines = new ArrayList<>();
    if (count > 1 || !devices.isEmpty()) {
      lines.add(count + (devices.isEmpty() ? "" : ": " + String.join(", ", devices)));
    }
    lines.addAll(notices);
    return lines;
  }
}
