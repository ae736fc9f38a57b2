package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.runner.ForwardBatch;
import java.nio.FloatBuffer;

/** The sums of hidden states that a step's pooling requests ask for, filled in by its workers. */
final class PooledStates {
  private final ForwardBatch batch;
  private final NativeMemory normed;
  private final int hiddenSize;
  private final float[][] sums;

  /**
   * @param normed rows of {@code hiddenSize} floats after the final norm, one for each logits row
   */
  PooledStates(ForwardBatch batch, NativeMemory normed, int hiddenSize) {
    this.batch = batch;
    this.normed = normed;
    this.hiddenSize = hiddenSize;
    sums = new float[batch.pooling().size()][];
  }

  /** Number of pooling requests. */
  int count() {
    return sums.length;
  }

  /** Sums the rows of a request, in double precision. */
  void pool(int request) {
    double[] sum = new double[hiddenSize];
    float[] row = new float[hiddenSize];
    long first = batch.pooledRow(request);
    for (int i = 0; i < batch.pooling().get(request).tokenCount(); i++) {
      FloatBuffer states = normed.floats((first + i) * hiddenSize, hiddenSize);
      states.get(row);
      for (int column = 0; column < hiddenSize; column++) {
        sum[column] += row[column];
      }
    }
    for (int column = 0; column < hiddenSize; column++) {
      row[column] = (float) sum[column];
    }
    sums[request] = row;
  }

  /** Copies the sum of a request, once the step is done. */
  void read(int request, float[] target) {
    System.arraycopy(sums[request], 0, target, 0, hiddenSize);
  }
}
