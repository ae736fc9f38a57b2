package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.kernels.PackedMatrix;
import io.nightshift.runtime.cuda.kernels.TiledWeights;

/** Rows of the weights of a linear layer, in one encoding. */
public sealed interface WeightRows {

  /** Number of rows. */
  long count();

  /** Elements of a row. */
  int columns();

  /** Rows {@code from} to {@code from + count - 1}. */
  WeightRows slice(long from, long count);

  /**
   * Rows as a GEMM reads them.
   *
   * @param matrix bf16 or e4m3 {@code [rows][columns]}
   */
  record Dense(DeviceMatrix matrix) implements WeightRows {
    @Override
    public long count() {
      return matrix.rows();
    }

    @Override
    public int columns() {
      return matrix.columns();
    }

    @Override
    public WeightRows slice(long from, long count) {
      return new Dense(matrix.rows(from, count));
    }
  }

  /** Row-major rows that are to be unpacked before a GEMM reads them. */
  record Packed(PackedMatrix matrix) implements WeightRows {
    @Override
    public long count() {
      return matrix.rows();
    }

    @Override
    public int columns() {
      return matrix.columns();
    }

    @Override
    public WeightRows slice(long from, long count) {
      return new Packed(matrix.rows(from, count));
    }
  }

  /** Rows that are multiplied as they are packed, or are unpacked before a GEMM reads them. */
  record Tiled(TiledWeights weights) implements WeightRows {
    @Override
    public long count() {
      return weights.outputs();
    }

    @Override
    public int columns() {
      return weights.inputs();
    }

    /**
     * @throws IllegalArgumentException unless the first row begins a tile
     */
    @Override
    public WeightRows slice(long from, long count) {
      return new Tiled(weights.outputs(Math.toIntExact(from), Math.toIntExact(count)));
    }
  }
}
