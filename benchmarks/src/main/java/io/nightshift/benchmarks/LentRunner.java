package io.nightshift.benchmarks;

import io.nightshift.runtime.runner.DeviceTime;
import io.nightshift.runtime.runner.ForwardingModelRunner;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepInFlight;
import java.util.Optional;

/**
 * A runner that is lent to one engine after the other, and notes when the first step of each began
 * and its last one ended. An engine that closes it gives it back.
 */
final class LentRunner extends ForwardingModelRunner {
  private volatile long firstBegan;
  private volatile long lastEnded;

  LentRunner(ModelRunner runner) {
    super(runner);
  }

  /** Begins to note anew. */
  void lend() {
    firstBegan = 0;
    lastEnded = 0;
  }

  /** When the first step began, as {@link System#nanoTime} has it. */
  long firstBegan() {
    return firstBegan;
  }

  /** When the last step ended. */
  long lastEnded() {
    return lastEnded;
  }

  /** From the beginning of the first step to the end of the last one. */
  double secondsOfSteps() {
    return (lastEnded - firstBegan) / 1e9;
  }

  @Override
  public Logits run(StepBatch batch) {
    return submit(batch).await();
  }

  @Override
  public StepInFlight submit(StepBatch batch) {
    if (firstBegan == 0) {
      firstBegan = System.nanoTime();
    }
    StepInFlight step = runner.submit(batch);
    return new StepInFlight() {
      @Override
      public boolean tokensStayOnDevice() {
        return step.tokensStayOnDevice();
      }

      @Override
      public void sample() {
        step.sample();
      }

      @Override
      public Logits await() {
        Logits logits = step.await();
        lastEnded = System.nanoTime();
        return logits;
      }
    };
  }

  @Override
  public Optional<DeviceTime> deviceTime() {
    return runner.deviceTime();
  }

  @Override
  public void close() {}

  /** Closes the runner itself. */
  void closeForGood() {
    runner.close();
  }
}
