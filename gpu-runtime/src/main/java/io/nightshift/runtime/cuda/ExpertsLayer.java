package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.kernels.ResidualStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The mixture of experts of one layer. */
final class ExpertsLayer implements FeedForward {
  private final CudaOperators operators;
  private final StepArena arena;
  private final Experts experts;
  private final LayerGemm router;
  private final @Nullable DeviceVector routerBias;
  private final ExpertGemms gemms;
  private final @Nullable DeviceVector outputNorm;
  private final @Nullable DeviceMatrix partialSums;

  /**
   * @param experts the mixtures that the layer belongs to
   * @param router from the arena's normed rows in bf16 to scores
   * @param outputNorm f32 {@code [hidden]}: weight of the norm of the output; null if there is none
   * @param partialSums bf16 {@code [rows][hidden]}: where the output of this rank is left, if those
   *     of other ranks are to be added; null if there are none
   */
  ExpertsLayer(
      CudaOperators operators,
      StepArena arena,
      Experts experts,
      LayerGemm router,
      @Nullable DeviceVector routerBias,
      ExpertGemms gemms,
      @Nullable DeviceVector outputNorm,
      @Nullable DeviceMatrix partialSums) {
    this.operators = operators;
    this.arena = arena;
    this.experts = experts;
    this.router = router;
    this.routerBias = routerBias;
    this.gemms = gemms;
    this.outputNorm = outputNorm;
    this.partialSums = partialSums;
  }

  @Override
  public DeviceMatrix unquantizedInput() {
    return arena.finalNormed;
  }

  @Override
  public ResidualStream run(ResidualStream residual) {
    int tokens = residual.rows();
    operators.multiply(router, tokens);
    experts.route(routerBias, gemms.loads(), tokens);
    gemms.multiplyGateUp();
    experts.quantize(tokens);
    gemms.multiplyDown();
    return partialSums == null
        ? experts.addTo(residual, outputNorm)
        : experts.addPartialSumsTo(residual, outputNorm, operators.norm(), partialSums);
  }

  @Override
  public List<LayerGemm> gemms() {
    return List.of(router);
  }

  @Override
  public Optional<ExpertGemms> expertGemms() {
    return Optional.of(gemms);
  }
}
