package io.nightshift.runtime.engine;

import io.nightshift.runtime.runner.HostCopyTime;
import io.nightshift.runtime.runner.ModelRunner;
import java.util.Optional;

/**
 * Whether blocks of a preempted sequence are copied to host memory and back in less time than their
 * tokens are computed again (compare vLLM's swapping and recomputation, Kwon et al., 2023). Rates
 * are measured while the engine runs, that of computing in large steps.
 */
final class SwapCost {
  /** Bytes a second between device and host until copies were timed: PCI Express 4.0 x16. */
  private static final double ASSUMED_RATE = 20e9;

  /** Copies are timed once there are so many bytes of them. */
  private static final long ENOUGH_BYTES = 64L << 20;

  /** Steps with this part (1/n) of the most tokens are like those that compute tokens again. */
  private static final int LARGE_STEP = 4;

  private final ModelRunner runner;
  private long started;
  private long stepTokens;
  private long tokens;
  private double seconds;

  SwapCost(ModelRunner runner) {
    this.runner = runner;
  }

  /** A step is submitted: the device, or this thread, has had one since the last. */
  void submitting(int nextTokens) {
    long now = System.nanoTime();
    if (stepTokens >= runner.maxStepTokens() / LARGE_STEP) {
      tokens += stepTokens;
      seconds += (now - started) / 1e9;
    }
    started = now;
    stepTokens = nextTokens;
  }

  /** Whether a copy there and one back take less time than the tokens. */
  boolean isSwapCheaper() {
    double bytesPerToken = (double) runner.hostBlocks().blockBytes() / runner.blockSize();
    double copies = 2 * bytesPerToken / copyRate();
    return tokens == 0 || copies < seconds / tokens;
  }

  private double copyRate() {
    Optional<HostCopyTime> timed =
        runner.hostCopyTime().filter(time -> time.bytes() >= ENOUGH_BYTES && time.seconds() > 0);
    return timed.map(time -> time.bytes() / time.seconds()).orElse(ASSUMED_RATE);
  }
}
