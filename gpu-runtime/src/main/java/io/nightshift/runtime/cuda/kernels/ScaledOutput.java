package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import org.jspecify.annotations.Nullable;

/**
 * The bf16 output of a GEMM, and the scales of its operands if these were 8-bit: cuBLASLt leaves
 * scaling to the kernel that reads the output. An element then stands for {@code rowScales[row] *
 * channelScales[column] * value}.
 *
 * @param rowScales an f32 for each row, of the activations
 * @param channelScales an e8m0 for each column, of the weights; null if the values need no scaling,
 *     and the row scales are not read
 */
public record ScaledOutput(
    DeviceMatrix values, DeviceVector rowScales, @Nullable DeviceVector channelScales) {

  /** Starts the parameters of a kernel whose first three are a GEMM's output, which may be null. */
  static KernelArguments begin(KernelArguments arguments, @Nullable ScaledOutput output) {
    return arguments
        .begin()
        .buffer(output == null ? null : output.values)
        .buffer(output == null ? null : output.rowScales)
        .buffer(output == null ? null : output.channelScales);
  }
}
