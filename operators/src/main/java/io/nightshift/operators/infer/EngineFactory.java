package io.nightshift.operators.infer;

import io.nightshift.runtime.engine.RequestChecker;
import io.nightshift.runtime.model.ModelConfig;
import java.io.Serializable;

/** Makes the engine of one inference task, on the machine that the task runs on. */
@FunctionalInterface
public interface EngineFactory extends Serializable {

  /**
   * @throws Exception if the model or the device cannot be used; the message says which and why
   */
  TaskEngine create() throws Exception;

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
