package io.nightshift.runtime.cuda.kernels;

import static java.util.Objects.requireNonNull;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.cuda.device.TensorMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The projections of a mixture of experts, as GEMMs over the rows of all experts: {@code
 * expert_gate_up.cu} and {@code expert_down.cu} on Hopper if rows are multiples of 16 bytes, and
 * {@code expert_portable.cu} otherwise.
 */
public final class ExpertGemmKernels {
  private static final int HOPPER = 90;

  private final CudaDevice device;
  private final CudaStream stream;
  private final KernelArguments arguments;
  private final ExpertShape shape;
  private final boolean portable;
  private final CudaKernel gateUp;
  private final CudaKernel down;
  private final int multiprocessors;

  public ExpertGemmKernels(KernelLibrary library, CudaStream stream, ExpertShape shape) {
    this(
        library,
        stream,
        shape,
        stream.device().computeCapability() != HOPPER || !shape.hasAlignedRows());
  }

  ExpertGemmKernels(KernelLibrary library, CudaStream stream, ExpertShape shape, boolean portable) {
    this.stream = stream;
    this.shape = shape;
    this.portable = portable;
    device = stream.device();
    multiprocessors = device.multiprocessors();
    arguments = library.arguments();
    gateUp = kernel(library, "expert_gate_up");
    down = kernel(library, "expert_down");
  }

  private CudaKernel kernel(KernelLibrary library, String name) {
    Map<String, Integer> definitions = shape.definitions();
    return portable
        ? library.kernel(KernelSource.resource("expert_portable", definitions), name + "_portable")
        : library.kernel(KernelSource.resource(name, definitions), name);
  }

  /**
   * Describes the gate and up projections.
   *
   * @param weights {@code [experts * 2 * intermediate][hidden]}: the gates of an expert, then its
   *     ups
   */
  public ExpertLinear gateUp(
      DeviceMatrix weights, @Nullable DeviceVector scales, @Nullable DeviceVector bias) {
    return new ExpertLinear(weights, scales, bias, map(weights, ExpertShape.GATE_UP_BOX_ROWS));
  }

  /**
   * Describes the down projections.
   *
   * @param weights {@code [experts * hidden][intermediate]}
   */
  public ExpertLinear down(
      DeviceMatrix weights, @Nullable DeviceVector scales, @Nullable DeviceVector bias) {
    return new ExpertLinear(weights, scales, bias, map(weights, ExpertShape.DOWN_BOX_ROWS));
  }

  /** Describes the input of the down projections, {@code [at least rows][intermediate]}. */
  public ExpertInput input(GemmInput input) {
    return new ExpertInput(input, map(input.values(), ExpertShape.INPUT_BOX_ROWS));
  }

  /**
   * The input of the down projections.
   *
   * @param map describes its values to a Hopper GPU; null if it is not read
   */
  public record ExpertInput(GemmInput input, @Nullable TensorMap map) {}

  private @Nullable TensorMap map(DeviceMatrix matrix, int boxRows) {
    return portable ? null : new TensorMap(device, matrix, boxRows);
  }

  /**
   * The gate and up projections of the tokens of the experts' rows, and their activation.
   *
   * @param source {@code [at least tokens][hidden]}
   * @param output bf16 {@code [at least rows][intermediate]}; the last row is written and none
   *     behind it
   */
  public void multiplyGateUp(
      GemmInput source, RoutedRows routed, ExpertLinear weights, DeviceMatrix output) {
    arguments
        .begin()
        .buffer(source.values())
        .buffer(source.scales())
        .buffer(routed.rowTokens())
        .buffer(routed.offsets());
    addWeights(weights).buffer(output);
    gateUp.launch(
        stream,
        portable
            ? ExpertShape.portable("expert_gate_up_portable", multiprocessors)
            : shape.gateUp(multiprocessors),
        arguments);
  }

  /**
   * The down projections of the experts' rows.
   *
   * @param source {@code [at least rows][intermediate]}
   * @param output bf16 {@code [at least rows][hidden]}
   */
  public void multiplyDown(
      ExpertInput source, RoutedRows routed, ExpertLinear weights, DeviceMatrix output) {
    arguments.begin();
    if (portable) {
      arguments.buffer(source.input().values());
    } else {
      arguments.tensorMap(requireNonNull(source.map()));
    }
    arguments.buffer(source.input().scales()).buffer(routed.offsets());
    addWeights(weights).buffer(output);
    down.launch(
        stream,
        portable
            ? ExpertShape.portable("expert_down_portable", multiprocessors)
            : shape.down(multiprocessors),
        arguments);
  }

  private KernelArguments addWeights(ExpertLinear linear) {
    if (portable) {
      arguments.buffer(linear.weights());
    } else {
      arguments.tensorMap(requireNonNull(linear.map()));
    }
    return arguments.buffer(linear.scales()).buffer(linear.bias());
  }
}
