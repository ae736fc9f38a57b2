package io.nightshift.operators.infer;

import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.runner.ForwardingModelRunner;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.StepBatch;
import java.util.Arrays;

/**
 * The engines of {@link FakeEngines}, each of which waits for another checkpoint before each of its
 * first steps.
 *
 * @param steps that wait
 */
record CheckpointedEngines(int steps) implements EngineFactory {

  @Override
  public TaskEngine create() {
    return new TaskEngine(
        new LlmEngine(new Runner(steps), Arrays::toString, FakeEngines.options()),
        String::valueOf,
        () -> {});
  }

  private static final class Runner extends ForwardingModelRunner {
    private int stepsThatWait;

    Runner(int steps) {
      super(FakeEngines.runner());
      stepsThatWait = steps;
    }

    @Override
    public Logits run(StepBatch batch) {
      if (stepsThatWait-- > 0) {
        try {
          CompletedCheckpoints.awaitNext();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("the engine is closed", e);
        }
      }
      return super.run(batch);
    }
  }
}
