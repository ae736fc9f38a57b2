package io.nightshift.runtime.cuda.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.runner.TokenRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Attention of random queries, keys and values by a plan, done by {@link AttentionReference} and
 * compared with attention computed directly from the steps' definition.
 */
final class PlannedAttention {
  private static final int SIZE = 3;

  private final Random random;
  private final int blockSize;
  private final int blocks;

  PlannedAttention(Random random, int blockSize, int blocks) {
    this.random = random;
    this.blockSize = blockSize;
    this.blocks = blocks;
  }

  /** Number of context tokens in the pieces of a height, by its index. */
  static long tokensRead(AttentionPlan plan, int height) {
    int[] pieces = plan.pieces().get(height);
    return IntStream.range(0, plan.pieceCount(height))
        .map(i -> i * AttentionPiece.INTS)
        .map(i -> pieces[i + 4] - pieces[i + 3])
        .sum();
  }

  /**
   * Checks the output of all rows.
   *
   * @param sequences with the block tables that the plan names, in their first group
   */
  void check(
      List<StepSequence> sequences,
      ForwardBatch batch,
      TokenRows rows,
      AttentionPlan plan,
      int window) {
    double[][] queries = normal(rows.size());
    double[][] keys = normal(blocks * blockSize);
    double[][] values = normal(blocks * blockSize);
    double[][] output =
        new AttentionReference(
                queries, keys, values, blockSize, AttentionReference.Scoring.plain(SIZE))
            .run(plan);
    for (int s = 0; s < sequences.size(); s++) {
      for (int row = rows.sequenceStarts()[s]; row < rows.sequenceStarts()[s + 1]; row++) {
        int token = rows.tokens()[row] - batch.firstToken(s);
        int[] slots = visibleSlots(sequences.get(s), token, window);
        double[] expected = attention(queries[row], keys, values, slots);
        for (int i = 0; i < SIZE; i++) {
          assertThat(output[row][i]).isCloseTo(expected[i], within(1e-9));
        }
      }
    }
  }

  /** Slots that a query token attends to, by the words of {@link StepSequence}. */
  private int[] visibleSlots(StepSequence sequence, int token, int window) {
    int treeStart = sequence.contextLength() - sequence.treeSize();
    int slot = sequence.contextLength() - sequence.tokens().length + token;
    List<Integer> seen = new ArrayList<>();
    int[] parents = sequence.treeParents();
    if (parents != null) {
      for (int node = slot - treeStart; node >= 0; node = parents[node]) {
        seen.add(treeStart + node);
      }
    }
    for (int i = Math.min(slot, treeStart - 1); i >= 0; i--) {
      seen.add(i);
    }
    // The most recent come first, and a window counts positions.
    return seen.stream()
        .limit(window == 0 ? Integer.MAX_VALUE : window)
        .mapToInt(i -> sequence.blocks(0)[i / blockSize] * blockSize + i % blockSize)
        .toArray();
  }

  private static double[] attention(
      double[] query, double[][] keys, double[][] values, int[] slots) {
    double[] result = new double[SIZE];
    double sum = 0;
    for (int slot : slots) {
      double score = 0;
      for (int i = 0; i < SIZE; i++) {
        score += query[i] * keys[slot][i];
      }
      double weight = Math.exp(score / Math.sqrt(SIZE));
      sum += weight;
      for (int i = 0; i < SIZE; i++) {
        result[i] += weight * values[slot][i];
      }
    }
    double total = sum;
    return Arrays.stream(result).map(x -> x / total).toArray();
  }

  private double[][] normal(int rows) {
    double[][] result = new double[rows][SIZE];
    for (double[] row : result) {
      Arrays.setAll(row, i -> random.nextGaussian());
    }
    return result;
  }
}
