package io.nightshift.runtime.engine;

import io.nightshift.runtime.runner.ForwardingModelRunner;
import io.nightshift.runtime.runner.HostLogits;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Overflows, as a model does in too narrow a type, after prompts that begin with token 5. */
final class OverflowingRunner extends ForwardingModelRunner {

  OverflowingRunner(ModelRunner runner) {
    super(runner);
  }

  @Override
  public Logits run(StepBatch batch) {
    List<Integer> overflowing = new ArrayList<>();
    for (StepSequence sequence : batch.sequences()) {
      for (int i = 0; i < sequence.tokens().length; i++) {
        overflowing.add(sequence.tokens()[0]);
      }
    }
    HostLogits logits = (HostLogits) runner.run(batch);
    return new HostLogits(batch.logits(), config().vocabularySize()) {
      @Override
      public void readRow(int row, float[] target) {
        logits.readRow(row, target);
        if (overflows(batch.logits().get(row).token())) {
          Arrays.fill(target, Float.NaN);
        }
      }

      @Override
      public float logit(int row, int column) {
        return overflows(batch.logits().get(row).token()) ? Float.NaN : logits.logit(row, column);
      }

      @Override
      public void readPooled(int request, float[] target) {
        logits.readPooled(request, target);
        if (overflows(batch.pooling().get(request).firstToken())) {
          Arrays.fill(target, Float.NaN);
        }
      }

      private boolean overflows(int token) {
        return overflowing.get(token) == 5;
      }
    };
  }
}
