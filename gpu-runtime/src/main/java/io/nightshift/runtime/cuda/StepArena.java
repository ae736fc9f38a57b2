package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.model.ModelConfig;

/**
 * Activations of the largest step, in one allocation; a row is a token. Products come in rounded
 * row counts, so every matrix has the rows of the largest one.
 *
 * <p>bf16 unless said otherwise. With fp8 weights, what a product reads is e4m3 with an f32 scale
 * for each row, in an array of its own.
 */
final class StepArena implements AutoCloseable {
  private final DeviceMemory memory;
  private final int rows;

  /** The residual stream, {@code [rows][hidden]}. */
  final long residual;

  /** That of the rows which the last layer keeps. */
  final long logitsResidual;

  /** Input of a layer's two first products, {@code [rows][hidden]}. */
  final long normed;

  final long normedScales;

  /**
   * What a layer's second and fourth product add to the residual stream, {@code [rows][hidden]}; 0
   * without fp8, where they add it themselves.
   */
  final long delta;

  /** Queries, keys and values as they come out of their product. */
  final long projection;

  /** {@code [rows][heads][headStride]}. */
  final long queries;

  /** {@code [rows][heads * headSize]}. */
  final long attention;

  /** The same in e4m3; 0 without fp8. */
  final long quantizedAttention;

  final long attentionScales;

  /** {@code [rows][2 * intermediate]}. */
  final long gateUp;

  /** {@code [rows][intermediate]}. */
  final long activated;

  final long activatedScales;

  /** f32 {@code [partials][heads][headSize]}: attention to parts of a context. */
  final long partials;

  /** f32 {@code [partials][heads]}. */
  final long partialLogSums;

  /** f32 {@code [logitsRows][vocabulary]}. */
  final long logits;

  StepArena(CudaDevice device, ModelConfig config, EngineConfig options) {
    ModelDimensions dimensions = new ModelDimensions(config);
    rows = rows(options);
    memory = new DeviceMemory(device, "activations", bytes(config, options));
    boolean fp8 = options.dtype() == DataType.FP8;
    int inputBytes = GemmType.of(options.dtype()).inputBytes();
    residual = matrix(dimensions.hidden(), Short.BYTES);
    logitsResidual = matrix(dimensions.hidden(), Short.BYTES);
    // The last layer's norm is bf16 whatever the weights are.
    normed = matrix(dimensions.hidden(), Short.BYTES);
    normedScales = matrix(1, Float.BYTES);
    delta = fp8 ? matrix(dimensions.hidden(), Short.BYTES) : 0;
    projection = matrix(dimensions.projection(), Short.BYTES);
    queries = matrix(dimensions.paddedQueries(), Short.BYTES);
    attention = matrix(dimensions.queries(), Short.BYTES);
    quantizedAttention = fp8 ? matrix(dimensions.queries(), 1) : 0;
    attentionScales = matrix(1, Float.BYTES);
    gateUp = matrix(2 * dimensions.intermediate(), Short.BYTES);
    activated = matrix(dimensions.intermediate(), inputBytes);
    activatedScales = matrix(1, Float.BYTES);
    long partialCount = maxPartials(options);
    partials = memory.take(partialCount * dimensions.queries() * Float.BYTES);
    partialLogSums = memory.take(partialCount * config.attentionHeads() * Float.BYTES);
    logits = memory.take((long) logitsRows(options) * config.vocabularySize() * Float.BYTES);
  }

  private long matrix(int columns, int elementBytes) {
    return memory.take((long) rows * columns * elementBytes);
  }

  static long bytes(ModelConfig config, EngineConfig options) {
    ModelDimensions dimensions = new ModelDimensions(config);
    boolean fp8 = options.dtype() == DataType.FP8;
    long rowBytes =
        Short.BYTES
            * ((fp8 ? 4L : 3L) * dimensions.hidden()
                + dimensions.projection()
                + dimensions.paddedQueries()
                + 2L * dimensions.queries()
                + 3L * dimensions.intermediate());
    long partialBytes =
        (long) maxPartials(options)
            * (dimensions.queries() + config.attentionHeads())
            * Float.BYTES;
    long logits = (long) logitsRows(options) * config.vocabularySize() * Float.BYTES;
    long pieces = 20;
    return rows(options) * (rowBytes + 3 * Float.BYTES)
        + partialBytes
        + logits
        + pieces * DeviceMemory.ALIGNMENT;
  }

  /** Rows of every matrix but the logits. */
  int rows() {
    return rows;
  }

  private static int rows(EngineConfig options) {
    return Gemm.roundRows(options.maxStepTokens());
  }

  /** Rows of logits at a time, a rounded number. */
  static int logitsRows(EngineConfig options) {
    return Gemm.roundRows(Math.min(options.logitsRows(), options.maxStepTokens()));
  }

  /** Partial results of attention, a row each, that a step may have. */
  static int maxPartials(EngineConfig options) {
    return 2 * rows(options) + 4096;
  }

  @Override
  public void close() {
    memory.close();
  }
}
