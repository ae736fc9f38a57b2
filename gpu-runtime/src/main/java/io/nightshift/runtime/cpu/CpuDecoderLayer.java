package io.nightshift.runtime.cpu;

/**
 * A decoder layer, as one worker runs it. Its input and output are the residual stream. Each layer
 * architecture has its own class; {@link CpuTransformer} creates the layers.
 *
 * <p>The operations that follow attention treat each row by itself. A layer does not run them but
 * returns them, so that the next layer runs them on a tile right before its own first operations.
 * This keeps the tile in the core's cache and saves a barrier per layer.
 */
interface CpuDecoderLayer {

  /**
   * Runs this worker's share of the layer for all tokens of the step.
   *
   * @param input computes a tile of the layer's input; the layer must run it once for each tile
   * @return computes a tile of the layer's output
   */
  TileOperation forward(ForwardStep step, TileOperation input);

  /**
   * Runs this worker's share of a model's last layer: for all tokens what later steps depend on,
   * such as keys and values, and everything else for the logits rows only.
   *
   * @param input computes a tile of the layer's input, for all tokens; the layer must run it once
   *     for each tile
   * @return computes a tile of the layer's output, for the logits rows
   */
  TileOperation forwardLogitsRows(ForwardStep step, TileOperation input);
}
