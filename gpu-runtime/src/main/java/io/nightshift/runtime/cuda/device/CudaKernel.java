package io.nightshift.runtime.cuda.device;

import static io.nightshift.runtime.cuda.device.CudaCalls.check;

import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUlaunchAttribute;
import org.bytedeco.cuda.cudart.CUlaunchConfig;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.PointerPointer;

/** A kernel that can be launched. Not thread-safe. */
public final class CudaKernel {
  /** Shared memory that a block may use without raising its limit. */
  private static final int DEFAULT_SHARED_BYTES = 48 * 1024;

  /** First compute capability with programmatic dependent launch, which common.cuh describes. */
  private static final int MIN_OVERLAPPING = 90;

  private final CudaDevice device;
  private final CUfunc_st function;
  private final CUlaunchConfig configuration = new CUlaunchConfig();
  private final CUlaunchAttribute overlap = new CUlaunchAttribute();
  private int allowedSharedBytes = DEFAULT_SHARED_BYTES;

  CudaKernel(CudaDevice device, CUfunc_st function) {
    this.device = device;
    this.function = function;
    overlap.id(cudart.CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION);
    overlap.value().programmaticStreamSerializationAllowed(1);
    configuration.blockDimY(1).blockDimZ(1).attrs(overlap);
    configuration.numAttrs(device.computeCapability() >= MIN_OVERLAPPING ? 1 : 0);
  }

  /** Enqueues a launch. The name in the geometry is for messages only. */
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
    configuration
        .gridDimX(launch.gridX())
        .gridDimY(launch.gridY())
        .gridDimZ(launch.gridZ())
        .blockDimX(launch.threads())
        .sharedMemBytes(launch.sharedBytes())
        .hStream(stream.handle());
    int result =
        cudart.cuLaunchKernelEx(
            configuration, function, arguments.pointers(), (PointerPointer<?>) null);
    if (result != cudart.CUDA_SUCCESS) {
      check(result, device, "cuLaunchKernelEx(" + launch + ")");
    }
  }
}
