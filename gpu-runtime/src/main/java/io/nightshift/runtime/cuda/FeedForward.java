package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.kernels.ResidualStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /**
   * Where the network reads its input in bf16 also if the arena's normed rows are quantized, {@code
   * [rows][hidden]}; null if it does not.
   */
  default @Nullable DeviceMatrix unquantizedInput() {
    return null;
  }

  /** The GEMMs of rounded numbers of rows that {@link #run} enqueues, in their order. */
  List<LayerGemm> gemms();

  /** The GEMMs of the rows of experts, which follow those. */
  default Optional<ExpertGemms> expertGemms() {
    return Optional.empty();
  }
}
