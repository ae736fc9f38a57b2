package io.nightshift.runtime.cpu;

import io.nightshift.runtime.runner.StepSequence;
import java.util.Arrays;

/**
 * Masks attention scores: causal, sliding window and token tree. Masked scores become minus
 * infinity. Owned by one worker.
 */
final class AttentionMask {
  private final FloatScratch scores;
  private final int group;
  private float[] masked = new float[0];

  /**
   * @param scores dense rows, {@code group} for each token
   * @param group query heads that share a key and value head
   */
  AttentionMask(FloatScratch scores, int group) {
    this.scores = scores;
    this.group = group;
  }

  /**
   * Masks the scores of one token.
   *
   * @param window tokens of the sliding window, or {@link Integer#MAX_VALUE} if there is none
   * @param task attention that the token belongs to
   * @param row the token's row in the task
   * @param firstRow the first of the token's rows of scores
   * @param start index in the context of the token of the first column; -1 if that column is none
   * @param columns columns of a row of scores
   */
  void apply(int window, AttentionTask task, int row, int firstRow, int start, int columns) {
    StepSequence context = task.context();
    int token = task.queryToken(row);
    int position = task.position(row);
    int length = context.tokens().length;
    int treeStart = length - context.treeSize();
    int contextStart = context.contextLength() - length;
    int hidden = window > position ? 0 : Math.max(0, position - window + 1 - start);
    int[] parents = context.treeParents();
    for (int scoreRow = firstRow; scoreRow < firstRow + group; scoreRow++) {
      int base = scoreRow * columns;
      if (parents != null && token >= treeStart) {
        int treeColumn = contextStart + treeStart - start;
        maskTree(window, base + treeColumn, columns - treeColumn, parents, token - treeStart);
      } else {
        int visible = contextStart + token + 1 - start;
        fill(base + visible, columns - visible);
      }
      fill(base, hidden);
    }
  }

  /**
   * Masks the columns of the tree and all columns after it, except for the node itself and its
   * ancestors within the window.
   */
  private void maskTree(int window, int base, int columns, int[] parents, int node) {
    int end = columns;
    int visible = 0;
    for (int n = node; n >= 0 && visible < window; n = parents[n]) {
      fill(base + n + 1, end - n - 1);
      end = n;
      visible++;
    }
    fill(base, end);
  }

  private void fill(int index, int count) {
    if (masked.length < count) {
      masked = new float[Math.max(count, 512)];
      Arrays.fill(masked, Float.NEGATIVE_INFINITY);
    }
    scores.buffer().put(index, masked, 0, count);
  }
}
