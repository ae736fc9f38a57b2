package io.nightshift.runtime.cpu;

/** The feed-forward network of a layer, as one worker runs it. */
interface CpuFeedForward {

  /**
   * Runs this worker's share of the network.
   *
   * @param input computes a tile of the residual stream that the network reads; must be run once
   *     for each tile
   * @return computes a tile of the residual stream with the network's output added
   */
  TileOperation forward(ForwardStep step, StepRows rows, TileOperation input);
}
