package io.nightshift.operators.model;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;

/**
 * Access of tasks to the job's model on their own machines. Missing files are fetched once per
 * machine; other tasks that need the same files wait.
 */
public interface ModelSource extends Serializable {

  /**
   * A model file or folder on this machine that has everything besides the values of the weights.
   *
   * @throws IOException if it cannot be fetched, or is no longer the model that the job was
   *     submitted with; the message names the model
   */
  Path withoutWeights() throws IOException, InterruptedException;

  /**
   * A complete model file or folder on this machine.
   *
   * @throws IOException as {@link #withoutWeights}
   */
  Path complete() throws IOException, InterruptedException;
}
