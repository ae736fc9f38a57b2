package io.nightshift.runtime.cpu;

import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.TokenRows;
import java.util.List;

/**
 * The rows that a layer computes, all tokens of the step or its logits rows, and their division
 * among the workers.
 *
 * @param tokens the token of each row
 * @param residual the residual stream: {@code hiddenSize} floats for each of {@code tokens}
 * @param tiles division of the operations that treat each row by itself
 * @param attention division of attention
 */
record StepRows(
    TokenRows tokens, NativeRows residual, TilePlan tiles, List<AttentionTask> attention) {

  static StepRows of(
      ForwardBatch batch, TokenRows tokens, NativeRows residual, int keyValueHeads, int workers) {
    return new StepRows(
        tokens,
        residual,
        new TilePlan(tokens.size(), workers),
        AttentionTask.tasks(batch, tokens, keyValueHeads));
  }

  /** Number of rows. */
  int count() {
    return tokens.size();
  }
}
