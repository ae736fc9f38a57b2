package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.cuda.device.TensorMap;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.cuda.kernels.FusedGateUpShape;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.cuda.weights.LayerWeights;
import java.util.List;

/**
 * The kernel of {@code fused_gate_up.cu}, which does a layer's gate and up products and their
 * activation. Each matrix is described to the device once: a launch, recorded or not, holds copies.
 */
final class FusedGateUp implements AutoCloseable {
  private static final int HOPPER = 90;

  private final CudaStream stream;
  private final StepArena arena;
  private final FusedGateUpShape shape;
  private final KernelSource source;
  private final CudaKernel kernel;
  private final TensorMap normed;
  private final List<TensorMap> gateUps;
  private final int multiprocessors;
  private final KernelArguments arguments = new KernelArguments();

  /**
   * @param weights of layers that the kernel can do: {@link #fits} says which
   */
  FusedGateUp(KernelLibrary library, CudaStream stream, DeviceWeights weights, StepArena arena) {
    this.stream = stream;
    this.arena = arena;
    DeviceLinear first = weights.layers().get(0).gateUp();
    shape = new FusedGateUpShape(first.inputs(), first.outputs() / 2);
    source = KernelSource.resource("fused_gate_up", shape.definitions());
    kernel = library.kernel(source, "fused_gate_up");
    normed = map(arena.normed, arena.rows(), first.inputs());
    gateUps =
        weights.layers().stream()
            .map(LayerWeights::gateUp)
            .map(linear -> map(linear.weights(), linear.outputs(), linear.inputs()))
            .toList();
    multiprocessors = stream.device().multiprocessors();
  }

  private TensorMap map(long address, int rows, int columns) {
    return new TensorMap(stream.device(), address, rows, columns, FusedGateUpShape.BOX_ROWS);
  }

  /** Whether the kernel can do a layer: bf16 weights, whole tiles, and a GPU of Hopper's kind. */
  static boolean fits(DeviceLinear gateUp, CudaDevice device) {
    return gateUp.type() == GemmType.BF16
        && device.computeCapability() == HOPPER
        && FusedGateUpShape.fits(gateUp.inputs(), gateUp.outputs() / 2);
  }

  KernelSource source() {
    return source;
  }

  /** From the arena's normed rows to its activated ones. Writes {@code rows} rows, no more. */
  void run(int layer, int rows) {
    kernel.launch(
        stream,
        shape.launch(rows, multiprocessors),
        arguments
            .begin()
            .tensorMap(normed)
            .tensorMap(gateUps.get(layer))
            .address(arena.activated)
            .integer(rows));
  }

  @Override
  public void close() {
    arguments.close();
  }
}
