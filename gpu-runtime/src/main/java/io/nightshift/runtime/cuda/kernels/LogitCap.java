package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import java.util.Map;

/** The kernel of {@code soft_cap.cu}: logits {@code x} become {@code cap * tanh(x / cap)}. */
public final class LogitCap {
  private static final int THREADS = 256;

  private final CudaStream stream;
  private final KernelArguments arguments;
  private final CudaKernel kernel;
  private final float cap;

  public LogitCap(KernelLibrary library, CudaStream stream, float cap) {
    this.stream = stream;
    this.cap = cap;
    arguments = library.arguments();
    kernel = library.kernel(KernelSource.resource("soft_cap", Map.of()), "soft_cap");
  }

  /**
   * Caps logits in their memory.
   *
   * @param logits f32
   */
  public void cap(DeviceMatrix logits) {
    kernel.launch(
        stream,
        KernelLaunch.forItems("soft_cap", logits.rows() * logits.columns(), THREADS),
        arguments
            .begin()
            .buffer(logits)
            .integer(logits.rowCount())
            .integer(logits.columns())
            .real(cap));
  }
}
