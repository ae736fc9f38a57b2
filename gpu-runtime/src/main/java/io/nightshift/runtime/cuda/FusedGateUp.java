package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.cuda.device.TensorMap;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.cuda.kernels.FusedGateUpKernel;
import io.nightshift.runtime.cuda.kernels.FusedGateUpShape;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import java.util.List;

/**
 * The fused gate, up and activation of all layers. Each matrix is described to the device once: a
 * launch, recorded or not, holds copies of the descriptions.
 */
final class FusedGateUp {
  private static final int HOPPER = 90;

  private final StepArena arena;
  private final FusedGateUpKernel kernel;
  private final TensorMap normed;
  private final List<TensorMap> gateUps;

  /**
   * @param weights weights of layers for which {@link #fits} is true
   */
  FusedGateUp(KernelLibrary library, CudaStream stream, DeviceWeights weights, StepArena arena) {
    this.arena = arena;
    DeviceLinear first = weights.layers().get(0).mlp().gateUp();
    kernel =
        new FusedGateUpKernel(
            library, stream, new FusedGateUpShape(first.inputs(), first.outputs() / 2));
    normed = FusedGateUpKernel.map(stream.device(), arena.normed.values());
    gateUps =
        weights.layers().stream()
            .map(layer -> layer.mlp().gateUp().weights())
            .map(matrix -> FusedGateUpKernel.map(stream.device(), matrix))
            .toList();
  }

  /** Whether the kernel can compute a layer: bf16 weights, whole tiles, and a Hopper GPU. */
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
    kernel.gateUp(normed, gateUps.get(layer), arena.activated.values(), rows);
  }
}
