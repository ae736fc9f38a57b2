package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.kernels.ResidualStream;

/**
 * A decoder layer of a model on the device. Each layer architecture has its own class; {@link
 * CudaTransformer} chooses the one for a model. Layers touch device memory only, so that a graph
 * can record them.
 */
interface CudaDecoderLayer {

  /**
   * Computes all tokens of a step.
   *
   * @param input the residual stream, a row for each token of the step
   * @return the residual stream behind the layer, with the same rows
   */
  ResidualStream forward(DeviceStep step, ResidualStream input);

  /**
   * Computes all tokens of a step as far as later steps depend on them, and the rest only for the
   * logits rows: a model's last layer.
   *
   * @param input the residual stream, a row for each token of the step
   * @return the residual stream behind the layer, a row for each logits row
   */
  ResidualStream forwardLogitsRows(
      DeviceStep step, DeviceStep.LogitsRows logitsRows, ResidualStream input);

  /** The GEMMs that the layer runs, to be prepared before the first step. */
  DecoderGemms gemms();
}
