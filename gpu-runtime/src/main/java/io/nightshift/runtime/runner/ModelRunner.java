package io.nightshift.runtime.runner;

import io.nightshift.runtime.model.ModelConfig;
import java.util.List;
import java.util.Optional;

/**
 * Runs a model on a device. Owns the weights, the memory of the KV cache and the forward pass. Not
 * thread-safe; owned by one engine.
 *
 * <p>The runner knows nothing of requests. The scheduler decides which KV cache block belongs to
 * which sequence, and keeps track of its contents.
 */
public interface ModelRunner extends AutoCloseable {

  ModelConfig config();

  /** Number of tokens per KV cache block. */
  int blockSize();

  /** Number of KV cache blocks of the first group. Constant. */
  int blockCount();

  /**
   * The groups of KV cache blocks. Constant. A runner that keeps the keys and values of all layers
   * in the same blocks has one group, and sees all of it.
   */
  default List<BlockGroup> blockGroups() {
    return List.of(new BlockGroup(0, blockCount()));
  }

  /**
   * Blocks in host memory, to and from which steps copy blocks ({@link HostCopy}). Constant; none
   * unless the runner was configured to have them.
   */
  default HostBlocks hostBlocks() {
    return HostBlocks.NONE;
  }

  /** Maximum number of tokens per step. */
  int maxStepTokens();

  /**
   * Maximum total inputs of the sequences of one step, as counted by {@link StepInputs}. A step of
   * a single sequence is always accepted if its tree has at most {@link StepInputs#largestTree}
   * nodes for what the longest block table leaves.
   */
  default long maxStepInputs() {
    return Long.MAX_VALUE;
  }

  /**
   * Runs one step. First copies blocks between device and host, then from block to block, as the
   * batch requests. Then, in each layer, writes the keys and values of <b>all</b> tokens of the
   * step to their slots <b>before</b> any token attends, so that a sequence can read blocks that
   * another sequence fills in the same step.
   *
   * <p>If keys or values of a token are not finite, the logits of all tokens that attend to it are
   * NaN. Tokens that do not attend to it are not affected, masked tokens of the same sequence
   * included.
   *
   * <p>A token that is sampled under a constraint is one of its mask. Its log probability is that
   * of the unmasked distribution.
   *
   * @return the requested logits; valid until the next call
   * @throws DeviceException if the device failed; the runner must then be closed
   */
  Logits run(StepBatch batch);

  /**
   * Submits a step, to run after the one in flight, if any. The device computes while the host
   * prepares the next step. At most two steps may be in flight, and they must be sampled ({@link
   * StepInFlight#sample}) and awaited in order. A runner that computes on the calling thread
   * completes the step before it returns.
   *
   * @throws DeviceException if the device failed; the runner must then be closed
   */
  default StepInFlight submit(StepBatch batch) {
    return StepInFlight.done(run(batch));
  }

  /**
   * Busy and idle time of the device in the steps that were awaited; empty if the runner computes
   * on the calling thread.
   */
  default Optional<DeviceTime> deviceTime() {
    return Optional.empty();
  }

  /** Time of the copies between device and host so far; empty if none was timed. */
  default Optional<HostCopyTime> hostCopyTime() {
    return Optional.empty();
  }

  /** Measured times of steps; empty if they were not measured. */
  default Optional<StepTimes> stepTimes() {
    return Optional.empty();
  }

  /** Frees the weights, the KV cache and the device. Without effect if it is closed already. */
  @Override
  void close();
}
