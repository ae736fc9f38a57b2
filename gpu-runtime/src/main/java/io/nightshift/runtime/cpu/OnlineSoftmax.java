package io.nightshift.runtime.cpu;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Attention output of some rows, put together from that of chunks of the context (online softmax:
 * Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018; Dao et al.,
 * "FlashAttention", 2022). A chunk's output counts by the sum of the exponentials of its scores,
 * whose logarithm is the largest score minus that of the largest probability within the chunk.
 * Owned by one worker.
 */
final class OnlineSoftmax {
  private final int headSize;
  private float[] output = new float[0];
  private double[] logSums = new double[0];
  private float[] added = new float[0];

  OnlineSoftmax(int headSize) {
    this.headSize = headSize;
  }

  /** Begins with nothing for each of {@code rows} rows. */
  void begin(int rows) {
    if (logSums.length < rows) {
      logSums = new double[rows];
      output = new float[rows * headSize];
    }
    Arrays.fill(logSums, 0, rows, Double.NEGATIVE_INFINITY);
    Arrays.fill(output, 0, rows * headSize, 0);
  }

  /**
   * Adds the output of a chunk for one row.
   *
   * @param row row of the output
   * @param largestScore of the row in the chunk
   * @param largestProbability of the row in the chunk
   * @param chunk output of the chunk's softmax, dense rows
   * @param chunkRow the row there
   */
  void add(int row, float largestScore, float largestProbability, FloatBuffer chunk, int chunkRow) {
    double logSum = largestScore - Math.log(largestProbability);
    double largest = Math.max(logSums[row], logSum);
    double before = Math.exp(logSums[row] - largest);
    double now = Math.exp(logSum - largest);
    float kept = (float) (before / (before + now));
    float weight = (float) (now / (before + now));
    if (added.length < headSize) {
      added = new float[headSize];
    }
    chunk.get(chunkRow * headSize, added, 0, headSize);
    int at = row * headSize;
    for (int i = 0; i < headSize; i++) {
      output[at + i] = output[at + i] * kept + added[i] * weight;
    }
    logSums[row] = largest + Math.log(before + now);
  }

  /** Writes some rows to the beginning of a buffer. */
  void write(int firstRow, int rows, FloatBuffer target) {
    target.put(0, output, firstRow * headSize, rows * headSize);
  }
}
