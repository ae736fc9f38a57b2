package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.model.ExpertsConfig;

/**
 * Which experts a step's tokens pass. A row is a token that passes an expert; rows are in the order
 * of their experts, and for the same expert in the order of their tokens.
 *
 * @param chosen i32 {@code [tokens][experts per token]}: the experts, the best one first
 * @param weights f32 {@code [tokens][experts per token]}: their weights
 * @param tokenRows i32 {@code [tokens][experts per token]}: the rows of each token
 * @param counts i32 {@code [chunks][experts]}: rows of each expert in each chunk of tokens
 * @param offsets i32 {@code [experts + 1]}: the first row of each expert, and the number of rows
 * @param rowTokens i32 {@code [tokens * experts per token]}: the token of each row
 */
public record RoutedRows(
    DeviceMatrix chosen,
    DeviceMatrix weights,
    DeviceMatrix tokenRows,
    DeviceMatrix counts,
    DeviceVector offsets,
    DeviceVector rowTokens) {
  private static final int PIECES = 6;

  /** Takes the memory for up to {@code tokens} tokens. */
  public static RoutedRows take(DeviceMemory memory, ExpertsConfig config, int tokens) {
    int each = config.expertsPerToken();
    DeviceElementType integer = DeviceElementType.INT32;
    return new RoutedRows(
        memory.takeMatrix(tokens, each, integer),
        memory.takeMatrix(tokens, each, DeviceElementType.F32),
        memory.takeMatrix(tokens, each, integer),
        memory.takeMatrix(ExpertShape.chunks(tokens), config.experts(), integer),
        memory.takeVector(config.experts() + 1, integer),
        memory.takeVector((long) tokens * each, integer));
  }

  /** The same rows, divided among the experts in another way. */
  public RoutedRows withOffsets(DeviceVector others) {
    return new RoutedRows(chosen, weights, tokenRows, counts, others, rowTokens);
  }

  /** Bytes that {@link #take} takes. */
  public static long bytes(ExpertsConfig config, int tokens) {
    long rows = (long) tokens * config.expertsPerToken();
    long counts = (long) ExpertShape.chunks(tokens) * config.experts();
    return (4 * rows + counts + config.experts() + 1) * Integer.BYTES
        + PIECES * DeviceMemory.ALIGNMENT;
  }
}
