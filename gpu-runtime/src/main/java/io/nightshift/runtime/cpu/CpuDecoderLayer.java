package io.nightshift.runtime.cpu;

/**
 * A decoder layer, as one worker runs it. Its input and output are the residual stream. {@link
 * CpuTransformer} creates the layers.
 */
interface CpuDecoderLayer {

  /**
   * Runs this worker's share of the layer.
   *
   * <p>The operations that follow attention treat each row by itself. The layer does not run them
   * but returns them, so that the next layer runs them on a tile right before its own first
   * operations. This keeps the tile in the core's cache and saves a barrier per layer.
   *
   * @param rows the rows whose output is needed: all tokens, or the logits rows in the last layer.
   *     A layer with a KV cache writes keys and values of all tokens in any case
   * @param input computes a tile of all tokens of the layer's input; the layer must run it once for
   *     each tile
   * @return computes a tile of {@code rows} of the layer's output
   */
  TileOperation forward(ForwardStep step, StepRows rows, TileOperation input);
}
