package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import java.util.Map;

/** The kernels of {@code quantize.cu}: bf16 to e4m3 with a scale for each row. */
public final class QuantizeKernels {
  private final CudaStream stream;
  private final KernelArguments arguments;
  private final int columns;
  private final CudaKernel quantizeRows;
  private final CudaKernel quantizeChannels;

  /**
   * @param columns elements of a row
   */
  public QuantizeKernels(KernelLibrary library, CudaStream stream, int columns) {
    this.stream = stream;
    this.columns = columns;
    arguments = library.arguments();
    KernelSource source = KernelSource.resource("quantize", Map.of("COLUMNS", columns));
    quantizeRows = library.kernel(source, "quantize_rows");
    quantizeChannels = library.kernel(source, "quantize_channels");
  }

  /**
   * Quantizes activations, a row for each token.
   *
   * @param source bf16 {@code [at least rows][columns]}
   * @param target e4m3 of the same shape
   */
  public void quantizeRows(DeviceMatrix source, GemmInput target, int rows) {
    quantizeRows.launch(
        stream,
        RowLaunch.of("quantize_rows", rows, columns),
        arguments.begin().buffer(source).buffer(target.values()).buffer(target.scales()));
  }

  /**
   * Quantizes weights, a row for each output channel.
   *
   * @param source bf16 {@code [at least target.rows()][columns]}
   * @param target e4m3 {@code [channels][columns]}
   * @param scales e8m0 {@code [channels]}
   */
  public void quantizeChannels(DeviceMatrix source, DeviceMatrix target, DeviceVector scales) {
    quantizeChannels.launch(
        stream,
        RowLaunch.of("quantize_channels", target.rowCount(), columns),
        arguments.begin().buffer(source).buffer(target).buffer(scales));
  }
}
