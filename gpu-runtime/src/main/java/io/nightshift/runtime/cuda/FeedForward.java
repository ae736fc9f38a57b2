package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.kernels.ResidualStream;
import java.util.List;

/**
 * The feed-forward network of one layer. Each kind has its own class; {@link FeedForwards} chooses
 * the one of each layer.
 */
interface FeedForward {

  /**
   * Enqueues the network for the arena's normed rows.
   *
   * @param residual the complete residual stream that the rows are from, to which the output is
   *     added
   * @return the stream with the output: added, or to be added by the next norm
   */
  ResidualStream run(ResidualStream residual);

  /** The GEMMs of rounded numbers of rows that {@link #run} enqueues, in their order. */
  List<LayerGemm> gemms();
}
