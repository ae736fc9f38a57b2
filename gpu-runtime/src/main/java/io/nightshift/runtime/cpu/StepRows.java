package io.nightshift.runtime.cpu;

import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.TokenRows;
import java.util.List;

/**
 * The rows that a layer computes, all tokens of the step or its logits rows, and how they are
 * divided among the workers.
 *
 * @param everyToken whether these are all tokens of the step
 * @param tokens the token of each row
 * @param residual the residual stream: {@code hiddenSize} floats for each of {@code tokens}
 * @param tiles division of the operations that treat each row by itself
 * @param attention division of attention
 */
record StepRows(
    boolean everyToken,
    TokenRows tokens,
    NativeRows residual,
    TilePlan tiles,
    List<AttentionTask> attention) {

  /** All tokens of a step. */
  static StepRows all(ForwardBatch batch, NativeRows residual, int keyValueHeads, int workers) {
    TokenRows tokens = batch.allRows();
    return new StepRows(
        true,
        tokens,
        residual,
        new TilePlan(tokens.size(), workers),
        AttentionTask.tasks(batch, tokens, keyValueHeads));
  }

  /** The tokens of a step whose logits are requested. */
  static StepRows logits(ForwardBatch batch, NativeRows residual, int keyValueHeads, int workers) {
    TokenRows tokens = batch.logitsRows();
    return new StepRows(
        false,
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
