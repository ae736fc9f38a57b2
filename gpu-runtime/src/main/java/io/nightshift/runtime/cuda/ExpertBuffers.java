package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.kernels.GemmInput;
import io.nightshift.runtime.cuda.kernels.RoutedRows;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.ModelConfig;

/**
 * Activations of a mixture of experts, a part of the arena. A routed row is a token that passes an
 * expert.
 *
 * @param scores f32 {@code [tokens][experts]}: output of the router
 * @param routed which experts the tokens pass
 * @param activated bf16 {@code [routed rows][intermediate]}: activated gates times ups
 * @param downInput input of the down projections: {@code activated} itself, or quantized
 * @param outputs bf16 {@code [routed rows][hidden]}: outputs of the experts
 * @param loads f32 {@code [layers][experts]}: rows that the experts have had so far
 * @param drawnOffsets i32 {@code [layers][experts + 1]}: {@link RoutedRows#offsets} for {@link
 *     CudaGemmFloor}
 */
record ExpertBuffers(
    DeviceMatrix scores,
    RoutedRows routed,
    DeviceMatrix activated,
    GemmInput downInput,
    DeviceMatrix outputs,
    DeviceMatrix loads,
    DeviceMatrix drawnOffsets) {
  private static final int PIECES = 7;

  /** Takes the memory for up to {@code tokens} tokens. */
  static ExpertBuffers take(
      DeviceMemory memory,
      ExpertsConfig experts,
      ModelConfig config,
      EngineConfig options,
      int tokens) {
    long rows = (long) tokens * experts.expertsPerToken();
    int intermediate = experts.intermediateSize();
    DeviceMatrix activated = memory.takeMatrix(rows, intermediate, DeviceElementType.BF16);
    DeviceVector scales = memory.takeVector(rows, DeviceElementType.F32);
    return new ExpertBuffers(
        memory.takeMatrix(tokens, experts.experts(), DeviceElementType.F32),
        RoutedRows.take(memory, experts, tokens),
        activated,
        new GemmInput(
            options.dtype() == DataType.FP8
                ? memory.takeMatrix(rows, intermediate, DeviceElementType.E4M3)
                : activated,
            scales),
        memory.takeMatrix(rows, config.hiddenSize(), DeviceElementType.BF16),
        memory.takeMatrix(config.layerCount(), experts.experts(), DeviceElementType.F32),
        memory.takeMatrix(config.layerCount(), experts.experts() + 1, DeviceElementType.INT32));
  }

  /** Bytes that {@link #take} takes. */
  static long bytes(ExpertsConfig experts, ModelConfig config, EngineConfig options, int tokens) {
    int quantized = options.dtype() == DataType.FP8 ? 1 : 0;
    long rowBytes =
        (long) (Short.BYTES + quantized) * experts.intermediateSize()
            + (long) Short.BYTES * config.hiddenSize()
            + Float.BYTES;
    return (long) tokens * experts.expertsPerToken() * rowBytes
        + (long) tokens * experts.experts() * Float.BYTES
        + RoutedRows.bytes(experts, tokens)
        + config.layerCount() * (2L * experts.experts() + 1) * Integer.BYTES
        + PIECES * DeviceMemory.ALIGNMENT;
  }
}
