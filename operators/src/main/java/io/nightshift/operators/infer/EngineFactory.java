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
   * Creates the engine on one of the GPUs that Flink has assigned to the TaskManager, the first one
   * that no other engine holds.
   *
   * @param gpus indexes of the GPUs, ascending, at least one
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

  /** Whether an engine needs a GPU, which it uses alone. */
  default boolean usesGpus() {
    return false;
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
   * Returns the checks of requests that engines will do, as far as they are known without an
   * engine.
   *
   * @param model the model that engines will run
   */
  default RequestChecker requestChecker(ModelConfig model) {
    return RequestChecker.of(model);
  }
}
