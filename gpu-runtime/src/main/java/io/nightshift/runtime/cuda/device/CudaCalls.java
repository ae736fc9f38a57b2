package io.nightshift.runtime.cuda.device;

import static org.bytedeco.cuda.global.cudart.cuGetErrorName;
import static org.bytedeco.cuda.global.cudart.cuGetErrorString;

import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.DeviceLostException;
import java.util.Set;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/** Turns the driver's result codes into exceptions. */
final class CudaCalls {
  /** After these errors, every further call of the process fails too. */
  private static final Set<Integer> STICKY =
      Set.of(
          cudart.CUDA_ERROR_ECC_UNCORRECTABLE,
          cudart.CUDA_ERROR_CONTAINED,
          cudart.CUDA_ERROR_ILLEGAL_ADDRESS,
          cudart.CUDA_ERROR_LAUNCH_TIMEOUT,
          cudart.CUDA_ERROR_ASSERT,
          cudart.CUDA_ERROR_HARDWARE_STACK_ERROR,
          cudart.CUDA_ERROR_ILLEGAL_INSTRUCTION,
          cudart.CUDA_ERROR_MISALIGNED_ADDRESS,
          cudart.CUDA_ERROR_INVALID_ADDRESS_SPACE,
          cudart.CUDA_ERROR_INVALID_PC,
          cudart.CUDA_ERROR_LAUNCH_FAILED);

  private CudaCalls() {}

  /**
   * @param call the driver's function, and its arguments if they help: {@code
   *     "cuLaunchKernel(rms_norm, grid 512x1x1)"}
   * @throws DeviceException if {@code result} is not success
   * @throws DeviceLostException if no further call will succeed
   */
  static void check(int result, CudaDevice device, String call) {
    if (result == cudart.CUDA_SUCCESS) {
      return;
    }
    String message = device + ": " + call + " failed: " + describe(result);
    if (STICKY.contains(result)) {
      throw new DeviceLostException(
          message + "; this process has lost the device, and another one must continue");
    }
    throw new DeviceException(message);
  }

  /** Name and meaning of a result code. */
  static String describe(int result) {
    return text(result, true) + " (" + text(result, false) + ")";
  }

  private static String text(int result, boolean name) {
    try (PointerPointer<BytePointer> text = new PointerPointer<>(1)) {
      int found = name ? cuGetErrorName(result, text) : cuGetErrorString(result, text);
      return found == cudart.CUDA_SUCCESS
          ? text.get(BytePointer.class).getString()
          : "error " + result;
    }
  }
}
