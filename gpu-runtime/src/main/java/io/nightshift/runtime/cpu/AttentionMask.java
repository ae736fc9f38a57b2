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
   * The range of the context whose scores are masked; the first column is that of {@code start}.
   */
  private int start;

  private int columns;

  /**
   * @param scores dense rows, {@code group} for each token
   * @param group query heads that share a key and value head
   */
  AttentionMask(FloatScratch scores, int group) {
    this.scores = scores;
    this.group = group;
  }

  /**
   * Masks the scores of one token for a range of the context.
   *
   * @param window tokens of the sliding window, or {@link Integer#MAX_VALUE} if there is none
   * @param task attention that the token belongs to
   * @param row the token's row in the task
   * @param firstRow the first of the token's rows of scores
   * @param start index in the context of the token of the first column; -1 if that column is none
   * @param columns columns of a row of scores
   * @return whether the token attends to a token of the range
   */
  boolean apply(int window, AttentionTask task, int row, int firstRow, int start, int columns) {
    this.start = start;
    this.columns = columns;
    StepSequence context = task.context();
    int token = task.queryToken(row);
    int position = task.position(row);
    int length = context.tokens().length;
    int treeStart = length - context.treeSize();
    int contextStart = context.contextLength() - length;
    int firstVisible = window > position ? start : Math.max(start, position - window + 1);
    int[] parents = token >= treeStart ? context.treeParents() : null;
    int visibleEnd = contextStart + (parents == null ? token + 1 : treeStart);
    boolean visible = firstVisible < Math.min(visibleEnd, start + columns);
    for (int scoreRow = firstRow; scoreRow < firstRow + group; scoreRow++) {
      if (parents != null) {
        visible |= maskTree(window, scoreRow, visibleEnd, parents, token - treeStart);
      } else {
        hide(scoreRow, visibleEnd, start + columns);
      }
      hide(scoreRow, start, firstVisible);
    }
    return visible;
  }

  /**
   * Masks the tree and all columns after it, except for the node itself and its ancestors within
   * the window.
   *
   * @param tree index of the first node in the context
   * @return whether the range has one of these
   */
  private boolean maskTree(int window, int scoreRow, int tree, int[] parents, int node) {
    int end = start + columns;
    boolean inRange = false;
    int visible = 0;
    for (int n = node; n >= 0 && visible < window; n = parents[n]) {
      hide(scoreRow, tree + n + 1, end);
      end = tree + n;
      inRange |= end >= start && end < start + columns;
      visible++;
    }
    hide(scoreRow, tree, end);
    return inRange;
  }

  /** Masks what a row of scores has of the context from {@code from} to {@code to}. */
  private void hide(int scoreRow, int from, int to) {
    int first = Math.max(from, start);
    int count = Math.min(to, start + columns) - first;
    if (count <= 0) {
      return;
    }
    if (masked.length < count) {
      masked = new float[Math.max(count, 512)];
      Arrays.fill(masked, Float.NEGATIVE_INFINITY);
    }
    scores.buffer().put(scoreRow * columns + first - start, masked, 0, count);
  }
}
