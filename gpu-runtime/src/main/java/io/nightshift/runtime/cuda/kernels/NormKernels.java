package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kernels of {@code norm.cu}: RMS norm of the residual stream. */
public final class NormKernels {
  private final CudaStream stream;
  private final KernelArguments arguments;
  private final int hiddenSize;
  private final float epsilon;
  private final CudaKernel norm;
  private final CudaKernel normFp8;

  public NormKernels(KernelLibrary library, CudaStream stream, int hiddenSize, float epsilon) {
    this.stream = stream;
    this.hiddenSize = hiddenSize;
    this.epsilon = epsilon;
    arguments = library.arguments();
    KernelSource source = KernelSource.resource("norm", Map.of("HIDDEN_SIZE", hiddenSize));
    norm = library.kernel(source, "add_rms_norm");
    normFp8 = library.kernel(source, "add_rms_norm_fp8");
  }

  /**
   * Completes a residual stream in its memory, and norms it for the next GEMM.
   *
   * @param weight f32 {@code [hidden]}
   * @param output {@code [at least rows][hidden]}
   */
  public void norm(ResidualStream residual, DeviceVector weight, GemmInput output) {
    DeviceMatrix residualOut = residual.isComplete() ? null : residual.hidden();
    begin(residual, residualOut, weight).buffer(output.values());
    if (output.isQuantized()) {
      arguments.buffer(output.scales());
    }
    launch(output.isQuantized() ? normFp8 : norm, residual.rows());
  }

  /**
   * Norms a residual stream for the logits. Its memory is not completed: nothing reads it any more.
   *
   * @param weight f32 {@code [hidden]}
   * @param output bf16 {@code [at least rows][hidden]}, also with 8-bit weights
   */
  public void finalNorm(ResidualStream residual, DeviceVector weight, DeviceMatrix output) {
    begin(residual, null, weight).buffer(output);
    launch(norm, residual.rows());
  }

  private KernelArguments begin(
      ResidualStream residual, @Nullable DeviceMatrix residualOut, DeviceVector weight) {
    ResidualStream.Gather gather = residual.gather();
    return ScaledOutput.begin(arguments, residual.delta())
        .buffer(residual.bias())
        .buffer(gather == null ? null : gather.indices())
        .buffer(gather == null ? residual.hidden() : gather.table())
        .buffer(residualOut)
        .buffer(weight)
        .real(epsilon);
  }

  private void launch(CudaKernel kernel, int rows) {
    kernel.launch(stream, RowLaunch.of("add_rms_norm", rows, hiddenSize), arguments);
  }
}
