package io.nightshift.operators.infer;

import io.nightshift.runtime.engine.RequestChecker;
import io.nightshift.runtime.model.ModelConfig;
import java.io.Serializable;
import java.util.List;

/** Makes the engine of one inference task, on the machine that the task runs on. */
@FunctionalInterface
public interface EngineFactory extends Serializable {

  /**
   * @throws Exception if the model or the device cannot be used; the message says which and why
   */
  TaskEngine create() throws Exception;

  /**
   * Makes the engine on one of the GPUs that the task's TaskManager has been given, one that no
   * other engine holds.
   *
   * @param gpus their numbers, ascending, at least one
   * @throws Exception as {@link #create()}, or if all of them are held
   */
  default TaskEngine create(List<Integer> gpus) throws Exception {
    return create();
  }

  /**
   * Checks that this machine has the device that the engines need, before there is any work.
   *
   * @throws io.nightshift.runtime.runner.DeviceException if not; the message says what is missing
   */
  default void requireDevice() {}

  /**
   * What the engines will refuse, as far as that is known before there is one.
   *
   * @param model that they will run
   */
  default RequestChecker requestChecker(ModelConfig model) {
    return RequestChecker.of(model);
  }
}
