package io.nightshift.operators.infer;

import io.nightshift.runtime.engine.RequestChecker;
import io.nightshift.runtime.model.ModelConfig;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/** Creates the engine of an inference task, on the machine of the task. */
@FunctionalInterface
public interface EngineFactory extends Serializable {

  /**
   * Creates the engine.
   *
   * @throws Exception if the model or the device cannot be used; the message names it and the cause
   */
  TaskEngine create() throws Exception;

  /**
   * Creates the engine on some of the GPUs that Flink has assigned to the TaskManager, the first
   * ones that no other engine holds.
   *
   * @param gpus indexes of all of them, ascending, at least one
   * @throws Exception as {@link #create()}, or if other engines hold all of them
   */
  default TaskEngine create(List<Integer> gpus) throws Exception {
    return create();
  }

  /**
   * The factory of the engines on a TaskManager, whose configuration may ask for other ones.
   *
   * @throws RuntimeException if it asks for what the job does not allow; the message names both
   */
  default EngineFactory onTaskManager(Configuration taskManager) {
    return this;
  }

  /** Number of GPUs that an engine needs, which it uses alone. */
  default int gpusPerEngine() {
    return 0;
  }

  /**
   * The devices that engines on this machine would have. None is taken.
   *
   * @throws io.nightshift.runtime.runner.DeviceException if there is none, or one that the job asks
   *     for is missing; the message says what there is
   */
  default EngineDevices devices() {
    return EngineDevices.SHARED;
  }

  /** Number of devices that the job names, whether or not this machine has them; 0 for any. */
  default int namedDevices() {
    return 0;
  }

  /**
   * Checks that engines can be created on all these devices, before any work starts.
   *
   * @param engines how many of the devices will be used, the first ones
   * @return the devices that will be used
   * @throws io.nightshift.runtime.runner.DeviceException if not; the message names the device, what
   *     is missing and the remedy
   * @throws IOException if the model cannot be read
   */
  default EngineDevices requireDevices(int engines) throws IOException, InterruptedException {
    return devices();
  }

  /**
   * Lines that say how many GPUs an engine should have; empty if it has none. Takes no GPU.
   *
   * @param kvCacheTokens tokens of the KV cache that the rows want
   * @throws IOException if the model cannot be read
   */
  default List<String> gpuAdvice(long kvCacheTokens) throws IOException, InterruptedException {
    return List.of();
  }

  /**
   * Returns the checks of requests that engines will do, as far as they are known without an
   * engine.
   *
   * @param model the model that engines will run
   * @throws IllegalArgumentException if engines cannot run it; the message names the option and the
   *     remedy
   */
  default RequestChecker requestChecker(ModelConfig model) {
    return RequestChecker.of(model);
  }
}
