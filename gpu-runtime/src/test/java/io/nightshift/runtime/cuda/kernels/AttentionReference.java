package io.nightshift.runtime.cuda.kernels;

import java.util.Arrays;

/**
 * What {@code attention.cu} computes from a work list, for one head and in double precision:
 * partial softmaxes over the pieces, and their merge.
 */
final class AttentionReference {
  private final double[][] queries;
  private final double[][] keys;
  private final double[][] values;
  private final int blockSize;
  private final int size;
  private final Scoring scoring;

  /**
   * How products of queries and keys become scores.
   *
   * @param softCap 0 for none
   * @param sink a score without value; negative infinity for none
   */
  record Scoring(double scale, double softCap, double sink) {
    /** As Llama has it. */
    static Scoring plain(int headSize) {
      return new Scoring(1 / Math.sqrt(headSize), 0, Double.NEGATIVE_INFINITY);
    }

    double score(double product) {
      double score = scale * product;
      return softCap == 0 ? score : softCap * Math.tanh(score / softCap);
    }
  }

  /**
   * @param queries of each row
   * @param keys of each slot
   * @param values of each slot
   */
  AttentionReference(
      double[][] queries, double[][] keys, double[][] values, int blockSize, Scoring scoring) {
    this.scoring = scoring;
    this.queries = queries;
    this.keys = keys;
    this.values = values;
    this.blockSize = blockSize;
    size = queries[0].length;
  }

  /** The output of each row; NaN where no piece writes it. */
  double[][] run(AttentionPlan plan) {
    double[][] output = new double[queries.length][size];
    Arrays.stream(output).forEach(row -> Arrays.fill(row, Double.NaN));
    double[][] partials = new double[plan.merges().partials()][];
    double[] logSums = new double[plan.merges().partials()];
    for (int[] pieces : plan.pieces()) {
      for (int piece = 0; piece < pieces.length; piece += AttentionPiece.INTS) {
        for (int i = 0; i < pieces[piece + 1]; i++) {
          int entry = (pieces[piece] + i) * AttentionTiles.ROW_INTS;
          double[] result = new double[size];
          int partial = pieces[piece + 7];
          double logSum = attend(plan, pieces, piece, entry, result, partial < 0);
          if (partial < 0) {
            output[plan.rows()[entry]] = result;
          } else {
            partials[partial + i] = result;
            logSums[partial + i] = logSum;
          }
        }
      }
    }
    for (int merge = 0; merge < plan.merges().list().length; merge += AttentionPlan.MERGE_INTS) {
      int first = plan.merges().list()[merge + 1];
      int[] sources =
          Arrays.copyOfRange(
              plan.merges().sources(), first, first + plan.merges().list()[merge + 2]);
      output[plan.merges().list()[merge]] = merge(partials, logSums, sources);
    }
    return output;
  }

  /**
   * Adds a row's attention to a piece to {@code result}; returns the logarithm of its weights.
   *
   * @param whole whether the piece is all there is, so that the sink takes part
   */
  private double attend(
      AttentionPlan plan, int[] pieces, int piece, int entry, double[] result, boolean whole) {
    double[] query = queries[plan.rows()[entry]];
    double sum = whole ? Math.exp(scoring.sink()) : 0;
    for (int token = pieces[piece + 3]; token < pieces[piece + 4]; token++) {
      boolean unmasked = token >= pieces[piece + 5] && token < pieces[piece + 6];
      if (!unmasked && !visible(plan, entry, token)) {
        continue;
      }
      int block = plan.blockTables()[pieces[piece + 2] + token / blockSize];
      int slot = block * blockSize + token % blockSize;
      double score = 0;
      for (int i = 0; i < size; i++) {
        score += query[i] * keys[slot][i];
      }
      double weight = Math.exp(scoring.score(score));
      sum += weight;
      for (int i = 0; i < size; i++) {
        result[i] += weight * values[slot][i];
      }
    }
    for (int i = 0; i < size && sum > 0; i++) {
      result[i] /= sum;
    }
    return Math.log(sum);
  }

  private static boolean visible(AttentionPlan plan, int entry, int token) {
    int end = plan.rows()[entry + 2];
    int tree = plan.rows()[entry + 3];
    if (tree >= 0 && token >= end) {
      int node = token - end;
      return (plan.treeMasks()[tree + node / Integer.SIZE] >>> node % Integer.SIZE & 1) != 0;
    }
    return token >= plan.rows()[entry + 1] && token < end;
  }

  private double[] merge(double[][] partials, double[] logSums, int[] sources) {
    double[] result = new double[size];
    double total =
        Math.exp(scoring.sink())
            + Arrays.stream(sources).mapToDouble(s -> Math.exp(logSums[s])).sum();
    for (int source : sources) {
      for (int i = 0; i < size; i++) {
        result[i] += Math.exp(logSums[source]) / total * partials[source][i];
      }
    }
    return result;
  }
}
