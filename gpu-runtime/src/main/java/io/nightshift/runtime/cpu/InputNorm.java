package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.MemoryCopy;

/**
 * Makes the input of a part of a layer, attention or the feed-forward network, from rows of the
 * residual stream.
 */
interface InputNorm {

  /**
   * Makes the input of {@code count} rows.
   *
   * @return address of the input, valid until the worker's next norm
   */
  long apply(long residual, int count);

  /** Makes the input of {@code count} rows at {@code target}. */
  void write(long residual, long target, int count);

  /** A norm with weights. */
  record Weighted(RmsNorm norm, long weights) implements InputNorm {
    @Override
    public long apply(long residual, int count) {
      return norm.apply(weights, residual, count);
    }

    @Override
    public void write(long residual, long target, int count) {
      norm.apply(weights, residual, target, count);
    }
  }

  /** The residual stream as it is, in layers whose norms are behind their parts. */
  record None(MemoryCopy copy, long rowBytes) implements InputNorm {
    @Override
    public long apply(long residual, int count) {
      return residual;
    }

    @Override
    public void write(long residual, long target, int count) {
      copy.copy(residual, target, count * rowBytes);
    }
  }
}
