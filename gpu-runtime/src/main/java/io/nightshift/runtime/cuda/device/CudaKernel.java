package io.nightshift.runtime.cuda.device;

import static io.nightshift.runtime.cuda.device.CudaCalls.check;

import io.nightshift.runtime.cuda.kernels.KernelLaunch;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.global.cudart;

/** A kernel that can be launched. Not thread-safe. */
public final class CudaKernel {
  /** What a block gets without asking. */
  private static final int DEFAULT_SHARED_BYTES = 48 * 1024;

  private final CudaDevice device;
  private final CUfunc_st function;
  private int allowedSharedBytes = DEFAULT_SHARED_BYTES;

  CudaKernel(CudaDevice device, CUfunc_st function) {
    this.device = device;
    this.function = function;
  }

  /** Puts a launch into the stream. The geometry's name is for messages only. */
  public void launch(CudaStream stream, KernelLaunch launch, KernelArguments arguments) {
    if (launch.sharedBytes() > allowedSharedBytes) {
      check(
          cudart.cuFuncSetAttribute(
              function,
              cudart.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
              launch.sharedBytes()),
          device,
          "cuFuncSetAttribute(" + launch + ")");
      allowedSharedBytes = launch.sharedBytes();
    }
    int result =
        cudart.cuLaunchKernel(
            function,
            launch.gridX(),
            launch.gridY(),
            launch.gridZ(),
            launch.threads(),
            1,
            1,
            launch.sharedBytes(),
            stream.handle(),
            null,
            arguments.finish());
    if (result != cudart.CUDA_SUCCESS) {
      check(result, device, "cuLaunchKernel(" + launch + ")");
    }
  }
}
