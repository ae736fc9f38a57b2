package io.nightshift.job.options;

import io.nightshift.connectors.input.NearestName;
import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.runner.DeviceException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

/**
 * What the configuration of a TaskManager ({@code config.yaml}) may say about its engines, in place
 * of the job file.
 */
public final class TaskManagerOptions {
  private static final String PREFIX = "nightshift.";

  private TaskManagerOptions() {}

  /** The device of the engines on this TaskManager. */
  public static final ConfigOption<Device> DEVICE =
      ConfigOptions.key(PREFIX + ModelOptions.DEVICE.key()).enumType(Device.class).noDefaultValue();

  /** The precision of the engines on this TaskManager. */
  public static final ConfigOption<DataType> DTYPE =
      ConfigOptions.key(PREFIX + ModelOptions.DTYPE.key())
          .enumType(DataType.class)
          .noDefaultValue();

  private static final List<String> KEYS = List.of(DEVICE.key(), DTYPE.key());

  /**
   * The configuration of an engine on a TaskManager.
   *
   * @param taskManager configuration of the TaskManager
   * @param host that it runs on
   * @param job configuration that the job has for its engines
   * @param mixedDevices configurations for TaskManagers with a device of their own; empty if the
   *     job does not allow any
   * @throws IllegalConfigurationException if the TaskManager has a key that does not exist, or a
   *     value that its key does not have
   * @throws DeviceException if it has another device or precision than the job, and the job does
   *     not allow that; or a precision that the device does not have
   */
  public static EngineConfig engine(
      Configuration taskManager,
      String host,
      EngineConfig job,
      Map<Device, EngineConfig> mixedDevices) {
    requireKnownKeys(taskManager);
    Device device = value(taskManager, DEVICE, Device.values()).orElse(job.device());
    DataType dtype = value(taskManager, DTYPE, DataType.values()).orElse(job.dtype());
    if (device == job.device() && dtype == job.dtype()) {
      return job;
    }
    EngineConfig own = mixedDevices.get(device);
    if (own == null) {
      throw new DeviceException(
          "the TaskManager on %s answers on %s in %s (%s), but the job on %s in %s, and answers depend on both: remove these keys from the TaskManager's configuration, or allow different devices in the job file (%s: true)"
              .formatted(
                  host,
                  device,
                  dtype,
                  String.join(", ", given(taskManager)),
                  job.device(),
                  job.dtype(),
                  EngineOptions.MIXED_DEVICES.key()));
    }
    if (!dtype.runsOn(device)) {
      throw new DeviceException(
          "the TaskManager on %s answers on %s, which does not have the precision %s: set %s to %s in its configuration"
              .formatted(host, device, dtype, DTYPE.key(), DataType.BF16));
    }
    return own.withDtype(dtype);
  }

  private static <T extends Enum<T>> Optional<T> value(
      Configuration taskManager, ConfigOption<T> option, T[] values) {
    try {
      return taskManager.getOptional(option);
    } catch (IllegalArgumentException e) {
      throw new IllegalConfigurationException(
          "%s is %s in the TaskManager's configuration, but must be one of %s"
              .formatted(
                  option.key(),
                  taskManager.toMap().get(option.key()),
                  Stream.of(values).map(Object::toString).collect(Collectors.joining(", "))),
          e);
    }
  }

  private static List<String> given(Configuration taskManager) {
    return KEYS.stream().filter(taskManager::containsKey).toList();
  }

  /**
   * Checks a configuration of Flink for misspelled keys.
   *
   * @throws IllegalConfigurationException naming a key that does not exist
   */
  public static void requireKnownKeys(Configuration taskManager) {
    for (String key : new TreeSet<>(taskManager.keySet())) {
      if (key.startsWith(PREFIX) && !KEYS.contains(key)) {
        Optional<String> nearest = NearestName.of(key, KEYS);
        throw new IllegalConfigurationException(
            "Flink's configuration has the unknown key %s; %s"
                .formatted(
                    key,
                    nearest
                        .map(name -> "did you mean " + name + "?")
                        .orElse("it may have " + String.join(" and ", KEYS))));
      }
    }
  }
}
