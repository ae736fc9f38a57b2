package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.cuda.device.TensorMap;

/**
 * The kernel of {@code fused_gate_up.cu}: the gate and up projections of a gated MLP and their
 * activation in one launch.
 */
public final class FusedGateUpKernel {
  private final CudaStream stream;
  private final KernelArguments arguments;
  private final FusedGateUpShape shape;
  private final KernelSource source;
  private final CudaKernel kernel;
  private final int multiprocessors;

  public FusedGateUpKernel(KernelLibrary library, CudaStream stream, FusedGateUpShape shape) {
    this.stream = stream;
    this.shape = shape;
    arguments = library.arguments();
    source = KernelSource.resource("fused_gate_up", shape.definitions());
    kernel = library.kernel(source, "fused_gate_up");
    multiprocessors = stream.device().multiprocessors();
  }

  /** Describes a bf16 matrix to the device as the kernel reads it. */
  public static TensorMap map(CudaDevice device, DeviceMatrix matrix) {
    return new TensorMap(device, matrix, FusedGateUpShape.BOX_ROWS);
  }

  /** The kernel's source. */
  public KernelSource source() {
    return source;
  }

  /**
   * Multiplies activated gates by ups. Writes {@code rows} rows and no more.
   *
   * @param input the map of bf16 {@code [at least rows][inputs]}
   * @param gateUp the map of bf16 weights {@code [2 * intermediate][inputs]}: gate and up, in this
   *     order
   * @param output bf16 {@code [at least rows][intermediate]}
   */
  public void gateUp(TensorMap input, TensorMap gateUp, DeviceMatrix output, int rows) {
    kernel.launch(
        stream,
        shape.launch(rows, multiprocessors),
        arguments.begin().tensorMap(input).tensorMap(gateUp).buffer(output).integer(rows));
  }
}
