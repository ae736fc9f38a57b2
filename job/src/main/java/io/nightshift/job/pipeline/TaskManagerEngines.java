package io.nightshift.job.pipeline;

import io.nightshift.job.options.TaskManagerOptions;
import io.nightshift.operators.infer.EngineDevices;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.operators.model.ModelSource;
import io.nightshift.operators.report.HostName;
import io.nightshift.runtime.config.Device;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.config.GpuSelection;
import io.nightshift.runtime.engine.RequestChecker;
import io.nightshift.runtime.model.ModelConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates engines on the device of the job, or on that of their TaskManager, if the job allows
 * different ones.
 *
 * @param model source of the model on the machine of the task
 * @param config configuration of the job's engines
 * @param gpus that engines may use if Flink has not assigned GPUs to the TaskManager
 * @param mixedDevices configurations of engines on a device of their TaskManager's; empty if the
 *     job does not allow others than its own
 */
record TaskManagerEngines(
    ModelSource model,
    EngineConfig config,
    GpuSelection gpus,
    Map<Device, EngineConfig> mixedDevices)
    implements EngineFactory {
  private static final Logger LOG = LoggerFactory.getLogger(TaskManagerEngines.class);

  TaskManagerEngines {
    mixedDevices = Map.copyOf(mixedDevices);
  }

  private EngineFactory ofJob() {
    return DeviceEngines.of(model, config, gpus);
  }

  @Override
  public EngineFactory onTaskManager(Configuration taskManager) {
    EngineConfig own = TaskManagerOptions.engine(taskManager, HostName.get(), config, mixedDevices);
    if (!own.equals(config)) {
      LOG.info(
          "This engine runs on {} in {}, the job's on {} in {}",
          own.device(),
          own.dtype(),
          config.device(),
          config.dtype());
    }
    return DeviceEngines.of(model, own, gpus);
  }

  @Override
  public TaskEngine create() throws Exception {
    return ofJob().create();
  }

  @Override
  public TaskEngine create(List<Integer> assigned) throws Exception {
    return ofJob().create(assigned);
  }

  @Override
  public int gpusPerEngine() {
    return ofJob().gpusPerEngine();
  }

  @Override
  public int namedDevices() {
    return ofJob().namedDevices();
  }

  @Override
  public List<String> gpuAdvice(long kvCacheTokens) throws IOException, InterruptedException {
    return ofJob().gpuAdvice(kvCacheTokens);
  }

  @Override
  public EngineDevices devices() {
    return ofJob().devices();
  }

  @Override
  public EngineDevices requireDevices(int engines) throws IOException, InterruptedException {
    return ofJob().requireDevices(engines);
  }

  /** The checks of all engines that a row may come to. */
  @Override
  public RequestChecker requestChecker(ModelConfig described) {
    return Stream.concat(
            Stream.of(ofJob()),
            mixedDevices.values().stream().map(other -> DeviceEngines.of(model, other, gpus)))
        .map(engines -> engines.requestChecker(described))
        .reduce(RequestChecker::and)
        .orElseThrow();
  }
}
