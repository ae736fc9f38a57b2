package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import java.util.Map;

/** The kernel of {@code pooling.cu}: sums of rows of hidden states. */
public final class PoolingKernels {
  private static final int THREADS = 256;

  private final CudaStream stream;
  private final KernelArguments arguments;
  private final CudaKernel sumRows;

  public PoolingKernels(KernelLibrary library, CudaStream stream) {
    this.stream = stream;
    arguments = library.arguments();
    sumRows = library.kernel(KernelSource.resource("pooling", Map.of()), "sum_rows");
  }

  /**
   * Sums rows.
   *
   * @param states bf16 {@code [rows][hidden]}
   * @param ranges int {@code [requests][2]}: first row and number of rows of each request
   * @param sums f32 {@code [requests][hidden]}
   */
  public void sumRows(DeviceMatrix states, DeviceMatrix ranges, DeviceMatrix sums) {
    int columns = states.columns();
    int columnBlocks = (columns + THREADS - 1) / THREADS;
    sumRows.launch(
        stream,
        new KernelLaunch("sum_rows", ranges.rowCount(), columnBlocks, 1, THREADS, 0),
        arguments.begin().buffer(states).integer(columns).buffer(ranges).buffer(sums));
  }
}
