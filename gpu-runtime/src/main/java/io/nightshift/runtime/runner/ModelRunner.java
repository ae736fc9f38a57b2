package io.nightshift.runtime.runner;

import io.nightshift.runtime.model.ModelConfig;
import java.util.Optional;

/**
 * A model on a device: weights, KV cache blocks and the forward pass. Not thread-safe; one engine
 * owns it.
 *
 * <p>The runner keeps no notion of requests. Which block belongs to whom, and what is in it, is the
 * scheduler's business.
 */
public interface ModelRunner extends AutoCloseable {

  ModelConfig config();

  /** Tokens whose keys and values one KV cache block holds. */
  int blockSize();

  /** Number of KV cache blocks, fixed when the runner was made. */
  int blockCount();

  /** Most tokens one step may have. */
  int maxStepTokens();

  /**
   * Maximum inputs of one step's sequences together, counted as {@link StepInputs} says. A step of
   * a single sequence is taken in any case, if its tree has at most {@link StepInputs#largestTree}
   * nodes for what the longest block table leaves.
   */
  default long maxStepInputs() {
    return Long.MAX_VALUE;
  }

  /**
   * Runs one step. First does the batch's block copies; then, layer by layer, writes the keys and
   * values of <b>all</b> tokens of the step to their slots <b>before</b> any token attends, so that
   * a sequence may read blocks which another sequence of the same step fills.
   *
   * <p>A token whose keys or values are not finite makes NaN of the logits of all tokens that
   * attend to it, and has no influence on any other, masked tokens of the same sequence included.
   *
   * @return the logits that the batch asked for; valid until the next call
   * @throws DeviceException if the device failed; the runner must then be closed
   */
  Logits run(StepBatch batch);

  /**
   * Begins a step, and does it behind the one that is in flight, if there is one: the device works
   * on while the host makes the next step ready. At most two steps are in flight, and they are
   * awaited in order. A runner that works on the calling thread does the whole step here.
   *
   * @throws DeviceException if the device failed; the runner must then be closed
   */
  default StepInFlight submit(StepBatch batch) {
    return StepInFlight.done(run(batch));
  }

  /**
   * How long the device has computed and waited in the steps that were awaited. A runner that works
   * on the calling thread has no device of its own, and says nothing.
   */
  default Optional<DeviceTime> deviceTime() {
    return Optional.empty();
  }

  /** How long steps take, where that was measured. */
  default Optional<StepTimes> stepTimes() {
    return Optional.empty();
  }

  /** Frees weights, KV cache and device. */
  @Override
  void close();
}
