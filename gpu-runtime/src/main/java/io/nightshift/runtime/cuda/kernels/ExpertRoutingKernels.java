package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import org.jspecify.annotations.Nullable;

/** The kernels of {@code expert_routing.cu}: from the router's scores to the experts' rows. */
public final class ExpertRoutingKernels {
  private final CudaStream stream;
  private final KernelArguments arguments;
  private final ExpertShape shape;
  private final CudaKernel chooseExperts;
  private final CudaKernel orderRows;

  public ExpertRoutingKernels(KernelLibrary library, CudaStream stream, ExpertShape shape) {
    this.stream = stream;
    this.shape = shape;
    arguments = library.arguments();
    KernelSource routing = KernelSource.resource("expert_routing", shape.definitions());
    chooseExperts = library.kernel(routing, "choose_experts");
    orderRows = library.kernel(routing, "order_rows");
  }

  /**
   * Chooses the experts of each token.
   *
   * @param scores f32 {@code [at least tokens][experts]}
   * @param bias f32 {@code [experts]}, added to the scores; null if there is none
   * @param loads f32 {@code [experts]}: the number of rows of each expert is added
   */
  public void route(
      DeviceMatrix scores,
      @Nullable DeviceVector bias,
      RoutedRows target,
      DeviceVector loads,
      int tokens) {
    chooseExperts.launch(
        stream,
        shape.routing("choose_experts", tokens),
        arguments
            .begin()
            .buffer(scores)
            .buffer(bias)
            .buffer(target.chosen())
            .buffer(target.weights())
            .buffer(target.tokenRows())
            .buffer(target.counts())
            .integer(tokens));
    orderRows.launch(
        stream,
        shape.routing("order_rows", tokens),
        arguments
            .begin()
            .buffer(target.chosen())
            .buffer(target.tokenRows())
            .buffer(target.counts())
            .buffer(target.offsets())
            .buffer(target.rowTokens())
            .buffer(target.tokenRows())
            .buffer(loads)
            .integer(tokens));
  }
}
