package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.model.random.QuantizedNumbers;
import java.util.Map;

/** The kernel of {@code random.cu}: random weights. */
public final class RandomKernels {
  private static final int THREADS = 256;

  /** Elements of a thread. */
  private static final int GROUP = 4;

  private final CudaStream stream;
  private final KernelArguments arguments;
  private final CudaKernel randomRows;
  private final CudaKernel randomCodes;

  public RandomKernels(KernelLibrary library, CudaStream stream) {
    this.stream = stream;
    arguments = library.arguments();
    KernelSource source = KernelSource.resource("random", Map.of());
    randomRows = library.kernel(source, "random_rows");
    randomCodes = library.kernel(source, "random_codes");
  }

  /**
   * Fills rows of a tensor, as {@link io.nightshift.runtime.model.random.RandomModelFiles} does.
   *
   * @param table the f32 numbers that are drawn from
   * @param tensor name of the tensor
   * @param firstRow the tensor's row at the start of the target
   * @param target bf16
   */
  public void randomRows(DeviceVector table, String tensor, int firstRow, DeviceMatrix target) {
    long groups = target.rows() * ((target.columns() + GROUP - 1) / GROUP);
    randomRows.launch(
        stream,
        KernelLaunch.forItems("random_rows", groups, THREADS),
        arguments
            .begin()
            .buffer(table)
            .address((long) tensor.hashCode() << Integer.SIZE)
            .integer(firstRow)
            .buffer(target)
            .integer(target.rowCount())
            .integer(target.columns()));
  }

  /**
   * Fills rows of a quantized tensor, likewise.
   *
   * @param numbers of the tensor's encoding
   * @param target without row scales, which are not written
   */
  public void randomCodes(
      QuantizedNumbers numbers, String tensor, int firstRow, PackedMatrix target) {
    int words = target.codes().columns() / Long.BYTES;
    long items = target.rows() * Math.max(words, target.groups());
    randomCodes.launch(
        stream,
        KernelLaunch.forItems("random_codes", items, THREADS),
        arguments
            .begin()
            .address((long) tensor.hashCode() << Integer.SIZE)
            .integer(firstRow)
            .real(numbers.meanScale())
            .real(numbers.center())
            .buffer(target.codes())
            .buffer(target.scales())
            .buffer(target.offsets())
            .integer(Math.toIntExact(target.rows()))
            .integer(words)
            .integer(target.groups()));
  }
}
