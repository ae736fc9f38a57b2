package io.nightshift.runtime.cuda.gemm;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.runner.DeviceException;
import org.bytedeco.cuda.global.cublas;

/** Turns cuBLAS's result codes into exceptions. */
final class CublasCalls {
  private CublasCalls() {}

  static void check(int status, CudaDevice device, String call) {
    if (status != cublas.CUBLAS_STATUS_SUCCESS) {
      throw new DeviceException(
          device + ": " + call + " failed: " + cublas.cublasGetStatusString(status).getString());
    }
  }
}
