package io.nightshift.runtime.cuda;

import static java.util.Objects.requireNonNull;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.kernels.GemmInput;
import io.nightshift.runtime.cuda.kernels.ResidualStream;
import io.nightshift.runtime.cuda.kernels.ScaledOutput;
import io.nightshift.runtime.cuda.peer.PeerSums;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import org.jspecify.annotations.Nullable;

/**
 * The last GEMM of attention or of a feed-forward network, whose output is added to the residual
 * stream. The epilogue of the GEMM adds it, if nothing must happen to it before. If its output must
 * be scaled (fp8), normed, or added to that of other ranks first, it writes to a delta, and the
 * addition is deferred to the next norm: of the network's output to the next layer's first norm, or
 * to the final norm.
 *
 * @param delta bf16 {@code [rows][hidden]}; null if the GEMM adds
 * @param input the GEMM's input
 * @param multiplier factor of the output and its bias, before they are added
 * @param bias f32 {@code [hidden]}; null if there is none
 * @param norm f32 {@code [hidden]}: weight of the norm of the output; null if there is none
 */
record ResidualAddition(
    @Nullable DeviceMatrix delta,
    DeviceLinear linear,
    GemmInput input,
    float multiplier,
    @Nullable DeviceVector bias,
    @Nullable DeviceVector norm) {

  /** The GEMM, for a residual stream. */
  LayerGemm gemm(DeviceMatrix residual) {
    return delta == null
        ? LayerGemm.adding(linear, input.values(), residual, multiplier)
        : LayerGemm.overwriting(linear, input.values(), delta);
  }

  /** Enqueues the GEMM for all rows of a stream. */
  void multiply(CudaOperators operators, ResidualStream residual) {
    PeerSums peers = operators.peers();
    int ownRows = peers == null ? 0 : peers.ownRows(residual.rows());
    if (peers == null || ownRows == 0) {
      operators.multiply(gemm(residual.hidden()), residual.rows());
      return;
    }
    DeviceLinear dense = operators.gemms().unpack(linear);
    // This rank's own rows come last, which nothing has to travel for.
    int degree = peers.group().degree();
    for (int i = 1; i <= degree; i++) {
      int owner = (peers.group().rank() + i) % degree;
      int first = owner * ownRows;
      int count = Math.min(ownRows, residual.rows() - first);
      if (count > 0) {
        DeviceMatrix target = peers.inbox(requireNonNull(delta), owner, ownRows);
        DeviceMatrix source = input.values().rows(first, ownRows);
        operators.multiply(LayerGemm.overwriting(dense, source, target), count);
      }
    }
  }

  /** The stream behind the GEMM, with what is deferred. */
  ResidualStream to(ResidualStream residual) {
    ScaledOutput output =
        delta == null ? null : new ScaledOutput(delta, input.scales(), linear.scales());
    return residual.plus(output, bias, norm);
  }
}
