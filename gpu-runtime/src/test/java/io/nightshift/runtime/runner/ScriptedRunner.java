package io.nightshift.runtime.runner;

import java.util.List;

/**
 * A runner whose most probable token is what a script says: that of the output position, whatever
 * the tokens before. For requests that sample tokens.
 */
public final class ScriptedRunner extends ForwardingModelRunner {
  private final int[] script;

  /**
   * @param script token of each output position; the last one for all positions after it
   */
  public ScriptedRunner(ModelRunner runner, int[] script) {
    super(runner);
    this.script = script.clone();
  }

  @Override
  public Logits run(StepBatch batch) {
    Logits checked = runner.run(batch); // Checks the batch.
    List<LogitsRequest> requests = batch.logits();
    int vocabulary = config().vocabularySize();
    return new HostLogits(requests, vocabulary) {
      @Override
      public void readRow(int row, float[] target) {
        for (int token = 0; token < vocabulary; token++) {
          target[token] = logit(row, token);
        }
      }

      @Override
      public float logit(int row, int column) {
        TokenSampling sampling = requests.get(row).sampling();
        int position = sampling == null ? 0 : sampling.outputPosition();
        return column == script[Math.min(position, script.length - 1)] ? 3 : -0.1f * column;
      }

      @Override
      public void readPooled(int request, float[] target) {
        checked.readPooled(request, target);
      }
    };
  }
}
