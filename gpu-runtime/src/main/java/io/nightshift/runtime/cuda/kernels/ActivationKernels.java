package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.model.Activation;
import java.util.Map;

/** The kernels of {@code activation.cu}: the activation of the gated MLP. */
public final class ActivationKernels {
  private final CudaStream stream;
  private final KernelArguments arguments;
  private final int intermediateSize;
  private final KernelSource source;
  private final CudaKernel gatedActivation;
  private final CudaKernel gatedActivationFp8;

  public ActivationKernels(
      KernelLibrary library, CudaStream stream, int intermediateSize, Activation activation) {
    this.stream = stream;
    this.intermediateSize = intermediateSize;
    arguments = library.arguments();
    source =
        KernelSource.resource(
            "activation",
            Map.of("INTERMEDIATE_SIZE", intermediateSize, "ACTIVATION", number(activation)));
    gatedActivation = library.kernel(source, "gated_activation");
    gatedActivationFp8 = library.kernel(source, "gated_activation_fp8");
  }

  /** The number by which {@code activation.cuh} knows an activation. */
  static int number(Activation activation) {
    return switch (activation) {
      case SILU -> 0;
      case GELU_TANH -> 1;
      case CLAMPED_SWIGLU -> 2;
    };
  }

  /** The kernels' source. */
  public KernelSource source() {
    return source;
  }

  /**
   * Combines gate and up.
   *
   * @param gateUp {@code [at least rows][2 * intermediate]}: gate and up, in this order
   * @param output {@code [at least rows][intermediate]}
   */
  public void gatedActivation(ScaledOutput gateUp, GemmInput output, int rows) {
    if (output.isQuantized()) {
      ScaledOutput.begin(arguments, gateUp).buffer(output.values()).buffer(output.scales());
    } else {
      arguments.begin().buffer(gateUp.values()).buffer(output.values());
    }
    CudaKernel kernel = output.isQuantized() ? gatedActivationFp8 : gatedActivation;
    kernel.launch(stream, RowLaunch.of("gated_activation", rows, intermediateSize), arguments);
  }
}
