package io.nightshift.runtime.cpu;

/**
 * Adds the output of a part of a layer, attention or the feed-forward network, to rows of the
 * residual stream: {@code from} to {@code from + count}, a tile.
 */
interface ResidualAdd {

  /** Adds the output of the part's last linear layer. */
  void multiplyAndAdd(PackedLinear linear, long source, NativeRows residual, int from, int count);

  /**
   * Adds an output that has been computed.
   *
   * @param output address of dense rows of {@code hiddenSize} elements, which may be changed
   */
  void add(long output, NativeRows residual, int from, int count);
}
