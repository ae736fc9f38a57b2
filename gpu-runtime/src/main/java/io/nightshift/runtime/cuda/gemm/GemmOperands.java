package io.nightshift.runtime.cuda.gemm;

import io.nightshift.runtime.cuda.device.DeviceMatrix;

/**
 * The operands of a GEMM, 16-byte aligned.
 *
 * @param weights {@code [outputs][inputs]}
 * @param source activations {@code [rows][inputs]}
 * @param target {@code [rows][outputs]}
 */
public record GemmOperands(DeviceMatrix weights, DeviceMatrix source, DeviceMatrix target) {}
