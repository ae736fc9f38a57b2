package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.TensorMap;
import org.jspecify.annotations.Nullable;

/**
 * One projection of all experts, as {@link ExpertGemmKernels} reads it.
 *
 * @param weights {@code [experts * outputs][inputs]}
 * @param scales an e8m0 for each row of the weights; null if they need no scaling
 * @param bias an f32 for each row of the weights; null if there is none
 * @param map describes the weights to a Hopper GPU; null if it is not read
 */
public record ExpertLinear(
    DeviceMatrix weights,
    @Nullable DeviceVector scales,
    @Nullable DeviceVector bias,
    @Nullable TensorMap map) {}
