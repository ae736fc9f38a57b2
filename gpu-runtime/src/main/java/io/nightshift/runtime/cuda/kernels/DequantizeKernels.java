package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.model.TensorType;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** The kernels of {@code dequantize.cu}: weights as model files store them, to bf16. */
public final class DequantizeKernels {
  private static final int THREADS = 256;

  /** Elements of a thread. */
  private static final int GROUP = 8;

  private final KernelLibrary library;
  private final CudaStream stream;
  private final KernelArguments arguments;
  private final Map<TensorType, CudaKernel> byType = new EnumMap<>(TensorType.class);

  public DequantizeKernels(KernelLibrary library, CudaStream stream) {
    this.library = library;
    this.stream = stream;
    arguments = library.arguments();
  }

  /**
   * Decodes rows of a matrix.
   *
   * @param source the rows' bytes, in the encoding of {@code type}
   * @param target bf16
   */
  public void dequantize(TensorType type, DeviceVector source, DeviceMatrix target) {
    String name = "dequantize_" + type.name().toLowerCase(Locale.ROOT);
    CudaKernel kernel =
        byType.computeIfAbsent(
            type, missing -> library.kernel(KernelSource.resource("dequantize", Map.of()), name));
    long groups = target.rows() * ((target.columns() + GROUP - 1) / GROUP);
    int rowsAreInOrder = 0;
    kernel.launch(
        stream,
        KernelLaunch.forItems(name, groups, THREADS),
        arguments
            .begin()
            .buffer(source)
            .buffer(target)
            .integer(target.rowCount())
            .integer(target.columns())
            .integer(rowsAreInOrder));
  }
}
