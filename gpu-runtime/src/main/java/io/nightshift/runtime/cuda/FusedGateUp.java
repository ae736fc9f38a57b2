package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.cuda.device.TensorMap;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.cuda.kernels.FusedGateUpKernel;
import io.nightshift.runtime.cuda.kernels.FusedGateUpShape;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import io.nightshift.runtime.cuda.weights.GatedMlpWeights;
import io.nightshift.runtime.model.GatedMlpConfig;
import java.util.List;

/**
 * The fused gate, up and activation of layers with gated MLPs of one size. Each matrix is described
 * to the device once: a launch, recorded or not, holds copies of the descriptions.
 */
final class FusedGateUp {
  private static final int HOPPER = 90;

  private final GemmRunner gemms;
  private final List<DeviceLinear> linears;
  private final DeviceMatrix activated;
  private final FusedGateUpKernel kernel;
  private final TensorMap normed;
  private final List<TensorMap> gateUps;

  /**
   * @param layers weights for which {@link #fits} is true
   */
  FusedGateUp(
      KernelLibrary library,
      CudaStream stream,
      GemmRunner gemms,
      GatedMlpConfig config,
      List<GatedMlpWeights> layers,
      StepArena arena) {
    this.gemms = gemms;
    linears = layers.stream().map(GatedMlpWeights::gateUp).toList();
    int intermediate = config.intermediateSize();
    activated = arena.activated(intermediate).values();
    FusedGateUpShape shape =
        new FusedGateUpShape(layers.get(0).gateUp().inputs(), intermediate, config.activation());
    kernel = new FusedGateUpKernel(library, stream, shape);
    normed = FusedGateUpKernel.map(stream.device(), arena.normed.values());
    gateUps =
        linears.stream()
            .map(gemms::unpacked)
            .map(linear -> FusedGateUpKernel.map(stream.device(), linear.weights()))
            .toList();
  }

  /** Whether the kernel can compute a layer: bf16 products, whole tiles, and a Hopper GPU. */
  static boolean fits(DeviceLinear gateUp, CudaDevice device) {
    return gateUp.type() == GemmType.BF16
        && device.computeCapability() == HOPPER
        && FusedGateUpShape.fits(gateUp.inputs(), gateUp.outputs() / 2);
  }

  /** The kernel's source. */
  KernelSource source() {
    return kernel.source();
  }

  /** From the arena's normed rows to its activated ones. Writes {@code rows} rows and no more. */
  void run(int layer, int rows) {
    gemms.unpack(linears.get(layer));
    kernel.gateUp(normed, gateUps.get(layer), activated, rows);
  }
}
