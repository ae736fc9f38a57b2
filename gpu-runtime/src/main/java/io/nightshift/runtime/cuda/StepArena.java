package io.nightshift.runtime.cuda;

import static java.util.Objects.requireNonNull;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.cuda.kernels.AttentionPartials;
import io.nightshift.runtime.cuda.kernels.GemmInput;
import io.nightshift.runtime.cuda.peer.PeerSums;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.NormPlacement;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Activations of the largest step, in one allocation that all layers use in turn; a row is a token.
 * GEMMs compute rounded numbers of rows, so every matrix has the rows of the largest GEMM.
 *
 * <p>Matrices are bf16 unless noted otherwise. With fp8 weights, the inputs of GEMMs are e4m3.
 */
final class StepArena implements AutoCloseable {
  private final DeviceMemory memory;
  private final int rows;
  private final DeviceElementType inputType;

  /** The residual stream, {@code [rows][hidden]}. */
  final DeviceMatrix residual;

  /** The residual stream of the rows that the last layer keeps, {@code [rows][hidden]}. */
  final DeviceMatrix logitsResidual;

  /** Input of the query, key and value projection and of the MLP, {@code [rows][hidden]}. */
  final GemmInput normed;

  /**
   * Input of the logits projection and of routers, {@code [rows][hidden]}: in the memory of {@link
   * #normed}, unless a router needs this before and that after quantization.
   */
  final DeviceMatrix finalNormed;

  /**
   * Output of attention that is to be added to the residual stream, {@code [rows][hidden]}; null if
   * its GEMM adds to it. {@link ResidualAddition} explains it.
   */
  final @Nullable DeviceMatrix attentionDelta;

  /**
   * The same of feed-forward networks, and the same memory unless other ranks read it: these may
   * still do so while attention of the next layer writes.
   */
  final @Nullable DeviceMatrix feedForwardDelta;

  /** Output of the fused projection, {@code [rows][queries, keys and values]}. */
  final DeviceMatrix projection;

  /** Queries as attention reads them, {@code [rows][heads * headStride]}. */
  final DeviceMatrix queries;

  /** Factors of norms of all heads, of queries and of keys: f32 {@code [rows][2]}. */
  final DeviceMatrix normFactors;

  /** Output of attention, {@code [rows][heads * headSize]}. */
  final DeviceMatrix attention;

  /** Input of attention's output projection: {@link #attention} itself unless that is e4m3. */
  final GemmInput attended;

  /** Address of {@link #gateUp}. */
  private final long gateUp;

  /** Address of {@link #activated}. */
  private final long activated;

  private final DeviceVector activatedScales;

  /** Attention to parts of a context. */
  final AttentionPartials partials;

  private final Map<ExpertsConfig, ExpertBuffers> experts = new HashMap<>();

  /** f32 {@code [logitsRows][columns of logits]}; before the logits, sums of hidden states. */
  final DeviceMatrix logits;

  /**
   * Whole rows of logits that this rank samples from, f32 {@code [its share of the
   * rows][vocabulary]}; null if {@link #logits} has whole rows.
   */
  final @Nullable DeviceMatrix gatheredLogits;

  StepArena(CudaDevice device, ModelConfig config, EngineConfig options) {
    ModelDimensions dimensions = new ModelDimensions(config);
    rows = rows(config, options);
    memory = new DeviceMemory(device, "activations", bytes(config, options));
    boolean fp8 = options.dtype() == DataType.FP8;
    inputType = GemmType.of(options.dtype()).inputType();
    residual = matrix(dimensions.hidden());
    logitsResidual = matrix(dimensions.hidden());
    finalNormed = matrix(dimensions.hidden());
    normed =
        new GemmInput(
            hasQuantizedExperts(config, options)
                ? memory.takeMatrix(rows, dimensions.hidden(), inputType)
                : new DeviceMatrix(finalNormed.address(), rows, dimensions.hidden(), inputType),
            scales());
    attentionDelta = hasDelta(config, options) ? matrix(dimensions.hidden()) : null;
    feedForwardDelta = config.isShard() ? matrix(dimensions.hidden()) : attentionDelta;
    projection = matrix(dimensions.queriesKeysAndValues());
    queries = matrix(dimensions.paddedQueries());
    normFactors = memory.takeMatrix(rows, 2, DeviceElementType.F32);
    attention = matrix(dimensions.queries());
    attended =
        new GemmInput(
            fp8 ? memory.takeMatrix(rows, dimensions.queries(), inputType) : attention, scales());
    gateUp = memory.take(2L * rows * dimensions.intermediate() * Short.BYTES);
    activated = memory.take((long) rows * dimensions.intermediate() * inputType.bytes());
    activatedScales = scales();
    int partialRows = maxPartials(options);
    partials =
        new AttentionPartials(
            memory.takeMatrix(partialRows, dimensions.queries(), DeviceElementType.F32),
            memory.takeMatrix(partialRows, config.attention().heads(), DeviceElementType.F32));
    logits = memory.takeMatrix(logitsRows(options), config.logitsColumns(), DeviceElementType.F32);
    gatheredLogits =
        config.isShard()
            ? memory.takeMatrix(
                gatheredRows(config, options), config.vocabularySize(), DeviceElementType.F32)
            : null;
    dimensions
        .experts()
        .forEach(
            each -> experts.put(each, ExpertBuffers.take(memory, each, config, options, rows)));
  }

  private DeviceMatrix matrix(int columns) {
    return memory.takeMatrix(rows, columns, DeviceElementType.BF16);
  }

  private DeviceVector scales() {
    return memory.takeVector(rows, DeviceElementType.F32);
  }

  /** Bytes of device memory that the activations take. */
  static long bytes(ModelConfig config, EngineConfig options) {
    ModelDimensions dimensions = new ModelDimensions(config);
    long rowBytes =
        Short.BYTES
            * ((3L + deltas(config, options)) * dimensions.hidden()
                + dimensions.queriesKeysAndValues()
                + dimensions.paddedQueries()
                + 2L * dimensions.queries()
                + 3L * dimensions.intermediate());
    long partialBytes =
        (long) maxPartials(options)
            * (dimensions.queries() + config.attention().heads())
            * Float.BYTES;
    long logits =
        ((long) logitsRows(options) * config.logitsColumns()
                + (long) gatheredRows(config, options) * config.vocabularySize())
            * Float.BYTES;
    long experts =
        dimensions.experts().stream()
            .mapToLong(each -> ExpertBuffers.bytes(each, config, options, rows(config, options)))
            .sum();
    long quantizedBytes = hasQuantizedExperts(config, options) ? dimensions.hidden() : 0;
    long pieces = 22;
    return rows(config, options) * (rowBytes + quantizedBytes + 5 * Float.BYTES)
        + experts
        + partialBytes
        + logits
        + pieces * DeviceMemory.ALIGNMENT;
  }

  /** The allocation, for ranks that read it. */
  DeviceMemory memory() {
    return memory;
  }

  /** Output of the gate and up projections of an MLP, {@code [rows][2 * intermediate]}. */
  DeviceMatrix gateUp(int intermediate) {
    return new DeviceMatrix(gateUp, rows, 2 * intermediate, DeviceElementType.BF16);
  }

  /** Input of the down projection of an MLP, {@code [rows][intermediate]}. */
  GemmInput activated(int intermediate) {
    return new GemmInput(
        new DeviceMatrix(activated, rows, intermediate, inputType), activatedScales);
  }

  /** The buffers of mixtures of experts with this configuration. */
  ExpertBuffers experts(ExpertsConfig config) {
    return requireNonNull(experts.get(config));
  }

  private static boolean hasDelta(ModelConfig config, EngineConfig options) {
    return options.dtype() == DataType.FP8
        || config.normPlacement() != NormPlacement.BEFORE
        || config.isShard();
  }

  private static int deltas(ModelConfig config, EngineConfig options) {
    return config.isShard() ? 2 : hasDelta(config, options) ? 1 : 0;
  }

  /** A rank's share of the rows of logits, rounded up. */
  private static int gatheredRows(ModelConfig config, EngineConfig options) {
    long elements = (long) logitsRows(options) * config.logitsColumns();
    return config.isShard() ? (int) (elements / config.vocabularySize()) + 1 : 0;
  }

  private static boolean hasQuantizedExperts(ModelConfig config, EngineConfig options) {
    return options.dtype() == DataType.FP8 && !new ModelDimensions(config).experts().isEmpty();
  }

  /** Rows of every matrix but the logits and the partial results of attention. */
  int rows() {
    return rows;
  }

  private static int rows(ModelConfig config, EngineConfig options) {
    return config.isShard()
        ? Math.max(rows(options), PeerSums.paddedRows(options.maxStepTokens(), config.shards()))
        : rows(options);
  }

  private static int rows(EngineConfig options) {
    return Gemm.roundRows(options.maxStepTokens());
  }

  /** Rows of logits that are computed at a time, a rounded number. */
  static int logitsRows(EngineConfig options) {
    return Gemm.roundRows(Math.min(options.logitsRows(), options.maxStepTokens()));
  }

  /** Maximum number of partial results of attention in a step, a row each. */
  static int maxPartials(EngineConfig options) {
    return 2 * rows(options) + 4096;
  }

  @Override
  public void close() {
    memory.close();
  }
}
