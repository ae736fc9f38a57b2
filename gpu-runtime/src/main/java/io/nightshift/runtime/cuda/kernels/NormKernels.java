package io.nightshift.runtime.cuda.kernels;

import static java.util.Objects.requireNonNull;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.cuda.peer.PeerSums;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.NormPlacement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kernels of {@code norm.cu}: RMS norm of the residual stream. */
public final class NormKernels {
  private final CudaStream stream;
  private final KernelArguments arguments;
  private final int hiddenSize;
  private final float epsilon;
  private final float residualMultiplier;
  private final boolean combines;
  private final @Nullable PeerSums peers;
  private final CudaKernel norm;
  private final CudaKernel normFp8;
  private final CudaKernel normBoth;
  private final @Nullable CudaKernel combine;

  /**
   * Compiles the kernels for what a model needs of them.
   *
   * @param peers the other ranks of a model of which this is a shard, whose partial sums are added;
   *     null for a whole model
   */
  public NormKernels(
      KernelLibrary library, CudaStream stream, ModelConfig config, @Nullable PeerSums peers) {
    this.stream = stream;
    this.peers = peers;
    hiddenSize = config.hiddenSize();
    epsilon = config.normEpsilon();
    residualMultiplier = config.multipliers().residual();
    arguments = library.arguments();
    boolean multiplies = residualMultiplier != 1 || config.multipliers().embedding() != 1;
    boolean normsDelta = config.normPlacement() != NormPlacement.BEFORE;
    combines =
        config.layers().stream().anyMatch(layer -> layer.feedForward() instanceof ExpertsConfig);
    KernelSource source =
        KernelSource.resource(
            "norm",
            Map.of(
                "HIDDEN_SIZE",
                hiddenSize,
                "NORM_DELTA",
                normsDelta ? 1 : 0,
                "MULTIPLY",
                multiplies ? 1 : 0,
                "COMBINE",
                combines ? 1 : 0,
                "RANKS",
                peers == null ? 1 : peers.group().degree()));
    norm = library.kernel(source, "add_rms_norm");
    normFp8 = library.kernel(source, "add_rms_norm_fp8");
    normBoth = library.kernel(source, "add_rms_norm_both");
    combine = combines && peers != null ? library.kernel(source, "combine_experts") : null;
  }

  /**
   * Completes a residual stream in its memory, and norms it for the next GEMM.
   *
   * @param weight f32 {@code [hidden]}; null to leave the stream as it is, in a model with norms
   *     behind the parts of its layers
   * @param output {@code [at least rows][hidden]}
   * @param unquantized bf16 {@code [at least rows][hidden]}: if {@code output} is quantized, the
   *     same before that; null if it is not needed
   */
  public void norm(
      ResidualStream residual,
      @Nullable DeviceVector weight,
      GemmInput output,
      @Nullable DeviceMatrix unquantized) {
    DeviceMatrix residualOut = residual.isComplete() ? null : residual.hidden();
    begin(residual, residualOut, weight).buffer(output.values());
    if (!output.isQuantized()) {
      launch(norm, residual);
    } else if (unquantized == null) {
      arguments.buffer(output.scales());
      launch(normFp8, residual);
    } else {
      arguments.buffer(output.scales()).buffer(unquantized);
      launch(normBoth, residual);
    }
  }

  /**
   * Norms a residual stream for the logits. Its memory is not completed: nothing reads it any more.
   *
   * @param weight f32 {@code [hidden]}
   * @param output bf16 {@code [at least rows][hidden]}, also with 8-bit weights
   */
  public void finalNorm(ResidualStream residual, DeviceVector weight, DeviceMatrix output) {
    begin(residual, null, weight).buffer(output);
    launch(norm, residual);
  }

  private KernelArguments begin(
      ResidualStream residual, @Nullable DeviceMatrix residualOut, @Nullable DeviceVector weight) {
    ResidualStream.Gather gather = residual.gather();
    ScaledOutput.begin(arguments, residual.delta());
    if (peers != null) {
      addExchange(peers, residual);
    }
    if (combines) {
      RoutedRows routed = residual.routed();
      arguments
          .buffer(routed == null ? null : routed.tokenRows())
          .buffer(routed == null ? null : routed.weights())
          .integer(routed == null ? 0 : routed.tokenRows().columns());
    }
    return arguments
        .buffer(residual.bias())
        .buffer(residual.deltaNorm())
        .real(residualMultiplier)
        .buffer(gather == null ? null : gather.indices())
        .buffer(gather == null ? residual.hidden() : gather.table())
        .real(gather == null ? 1 : gather.multiplier())
        .buffer(residualOut)
        .buffer(weight)
        .real(epsilon);
  }

  /** Every partial sum is exchanged. Without one, nobody is waited for. */
  private void addExchange(PeerSums sums, ResidualStream residual) {
    int ownRows = ownRows(residual);
    if (residual.delta() == null) {
      arguments.address(0).address(0).integer(0);
    } else {
      sums.group().addExchange(arguments, ownRows > 0 ? 2 : 1);
    }
    ResidualStream.Gather gather = residual.gather();
    arguments
        .buffer(sums.arena().onDevice())
        .buffer(sums.weights().onDevice())
        .integer(residual.rows())
        .integer(ownRows)
        .integer(gather == null ? 0 : sums.ownRows(gather.streamRows()));
  }

  /** Rows that this rank completes for all; 0 if it completes all rows for itself. */
  private int ownRows(ResidualStream residual) {
    return peers == null || residual.delta() == null ? 0 : peers.ownRows(residual.rows());
  }

  /**
   * Computes the weighted sums of experts' rows, in a shard of a model that has experts, and leaves
   * them where {@link PeerSums} says.
   *
   * @param outputs bf16 {@code [routed rows][hidden]}
   * @param sums bf16 {@code [at least rows][hidden]}
   */
  public void combine(DeviceMatrix outputs, RoutedRows routed, DeviceMatrix sums, int rows) {
    PeerSums ranks = requireNonNull(peers, "a shard has peers");
    requireNonNull(combine, "the model has no experts")
        .launch(
            stream,
            RowLaunch.of("combine_experts", rows, hiddenSize),
            arguments
                .begin()
                .buffer(outputs)
                .buffer(routed.tokenRows())
                .buffer(routed.weights())
                .integer(routed.tokenRows().columns())
                .buffer(sums)
                .buffer(ranks.arena().onDevice())
                .integer(ranks.group().rank())
                .integer(ranks.ownRows(rows)));
  }

  private void launch(CudaKernel kernel, ResidualStream residual) {
    int ownRows = ownRows(residual);
    int rows = ownRows > 0 ? ownRows : residual.rows();
    kernel.launch(stream, RowLaunch.of("add_rms_norm", rows, hiddenSize), arguments);
  }
}
