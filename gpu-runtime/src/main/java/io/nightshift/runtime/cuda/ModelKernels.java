package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.cuda.device.RowLaunch;
import io.nightshift.runtime.cuda.kernels.KernelLaunch;
import io.nightshift.runtime.model.ModelConfig;
import java.util.HashMap;
import java.util.Map;

/**
 * A model's kernels outside of attention, compiled for its sizes: each method is one launch. Shapes
 * and layouts are those of {@link io.nightshift.runtime.cuda.kernels}.
 */
final class ModelKernels implements AutoCloseable {
  private static final int THREADS = 256;

  private final ModelConfig config;
  private final ModelDimensions dimensions;
  private final CudaStream stream;
  private final KernelArguments arguments = new KernelArguments();
  private final boolean fp8;
  private final CudaKernel norm;
  private final CudaKernel normFp8;
  private final CudaKernel rotaryTable;
  private final CudaKernel rotateAndStore;
  private final KernelSource activation;
  private final CudaKernel gatedActivation;
  private final CudaKernel quantizeRows;
  private final CudaKernel copyBlocks;

  ModelKernels(KernelLibrary library, CudaStream stream, ModelConfig config, EngineConfig options) {
    this.config = config;
    this.stream = stream;
    dimensions = new ModelDimensions(config);
    fp8 = options.dtype() == DataType.FP8;
    Map<String, Integer> cache = cacheDefinitions(config, options);
    KernelSource norms = KernelSource.resource("norm", Map.of("HIDDEN_SIZE", dimensions.hidden()));
    norm = library.kernel(norms, "add_rms_norm");
    normFp8 = library.kernel(norms, "add_rms_norm_fp8");
    KernelSource rotary = KernelSource.resource("rotary", cache);
    rotaryTable = library.kernel(rotary, "rotary_table");
    rotateAndStore = library.kernel(rotary, "rotate_and_store");
    activation =
        KernelSource.resource(
            "activation", Map.of("INTERMEDIATE_SIZE", dimensions.intermediate(), "GELU", 0));
    gatedActivation = library.kernel(activation, fp8 ? "gated_activation_fp8" : "gated_activation");
    quantizeRows =
        library.kernel(
            KernelSource.resource("quantize", Map.of("COLUMNS", dimensions.queries())),
            "quantize_rows");
    copyBlocks = library.kernel(KernelSource.resource("blocks", cache), "copy_blocks");
  }

  /** Macros of the kernels that know the KV cache's layout. */
  static Map<String, Integer> cacheDefinitions(ModelConfig config, EngineConfig options) {
    Map<String, Integer> definitions = new HashMap<>();
    definitions.put("HEAD_SIZE", config.headSize());
    definitions.put("BLOCK_SIZE", options.blockSize());
    definitions.put("KV_FP8", options.fp8KvCache() ? 1 : 0);
    return definitions;
  }

  /**
   * Where the sums of a product lie, and the scales that make values of them where its operands
   * were 8-bit numbers.
   *
   * @param rowScales address of an f32 for each row
   * @param channelScales address of an E8M0 for each column; 0 where the sums are values
   */
  record Sums(long address, long rowScales, long channelScales) {
    static final Sums NONE = new Sums(0, 0, 0);
  }

  /**
   * Adds the last product and its bias to rows of the residual stream, and norms the sum. The
   * output is what the runner's products read.
   *
   * @param delta the product to add, or {@link Sums#NONE}
   * @param sources address of the row of {@code residualIn} for each row; 0 for the same rows
   * @param residualOut 0 where the sum is not needed
   */
  void addAndNorm(
      int rows,
      Sums delta,
      long bias,
      long sources,
      long residualIn,
      long residualOut,
      long weight,
      long output,
      long scales) {
    normArguments(delta, bias, sources, residualIn, residualOut, weight, output);
    if (fp8) {
      arguments.address(scales);
    }
    CudaKernel kernel = fp8 ? normFp8 : norm;
    kernel.launch(stream, RowLaunch.of("add_rms_norm", rows, dimensions.hidden()), arguments);
  }

  /** As {@link #addAndNorm}, with bf16 output whatever the products read. */
  void addAndNormForLogits(int rows, Sums delta, long residual, long weight, long output) {
    normArguments(delta, 0, 0, residual, 0, weight, output);
    norm.launch(stream, RowLaunch.of("add_rms_norm", rows, dimensions.hidden()), arguments);
  }

  private void normArguments(
      Sums delta,
      long bias,
      long sources,
      long residualIn,
      long residualOut,
      long weight,
      long output) {
    sums(delta)
        .address(bias)
        .address(sources)
        .address(residualIn)
        .address(residualOut)
        .address(weight)
        .real(config.normEpsilon())
        .address(output);
  }

  /** Begins a launch whose first parameters are a product. */
  private KernelArguments sums(Sums sums) {
    return arguments
        .begin()
        .address(sums.address())
        .address(sums.rowScales())
        .address(sums.channelScales());
  }

  /** Cosines and sines of positions 0 to {@code positions - 1}. */
  void rotaryTable(long inverseFrequencies, long table, int positions) {
    rotaryTable.launch(
        stream,
        forItems("rotary_table", (long) positions * config.headSize() / 2),
        arguments.begin().address(inverseFrequencies).address(table).integer(positions));
  }

  /**
   * Where {@link #rotateAndStore} reads and writes; 0 where a model or a cache has none.
   *
   * @param bias of the first of the projection's heads
   * @param positions address of a position for each row
   * @param slots address of a slot for each row
   */
  record Rotation(
      Sums projection,
      long bias,
      long queryNorm,
      long keyNorm,
      long table,
      long positions,
      long slots,
      long queries,
      long keys,
      long values,
      long keyScales,
      long valueScales) {}

  /** Rotates heads; puts queries aside and keys and values into the cache. */
  void rotateAndStore(int rows, Rotation data, int queryHeads, int keyValueHeads) {
    int half = config.headSize() / 2;
    int width = half % 8 == 0 ? 8 : half % 4 == 0 ? 4 : half % 2 == 0 ? 2 : 1;
    int used = half / width;
    int lanes = Integer.bitCount(used) == 1 ? used : Integer.highestOneBit(used) * 2;
    rotateAndStore.launch(
        stream,
        forItems("rotate_and_store", (long) rows * (queryHeads + 2 * keyValueHeads) * lanes),
        sums(data.projection())
            .address(data.bias())
            .address(data.queryNorm())
            .address(data.keyNorm())
            .real(config.normEpsilon())
            .address(data.table())
            .address(data.positions())
            .address(data.slots())
            .address(data.queries())
            .address(data.keys())
            .address(data.values())
            .address(data.keyScales())
            .address(data.valueScales())
            .integer(rows)
            .integer(queryHeads)
            .integer(keyValueHeads));
  }

  /** The source of {@link #gatedActivation}'s kernel. */
  KernelSource activation() {
    return activation;
  }

  /** Gate and up to the feed-forward network's activation. */
  void gatedActivation(int rows, Sums gateUp, long output, long scales) {
    if (fp8) {
      sums(gateUp).address(output).address(scales);
    } else {
      arguments.begin().address(gateUp.address()).address(output);
    }
    gatedActivation.launch(
        stream, RowLaunch.of("gated_activation", rows, dimensions.intermediate()), arguments);
  }

  /** Rounds attention's output to e4m3. */
  void quantizeAttention(int rows, long source, long target, long scales) {
    quantizeRows.launch(
        stream,
        RowLaunch.of("quantize_rows", rows, dimensions.queries()),
        arguments.begin().address(source).address(target).address(scales));
  }

  /**
   * @param copies address of source, target and tokens of each copy
   */
  void copyBlocks(DeviceKeyValueCache cache, long copies, int count, int blocks) {
    copyBlocks.launch(
        stream,
        new KernelLaunch("copy_blocks", count, 2 * config.layers(), config.keyValueHeads(), 128, 0),
        arguments
            .begin()
            .address(cache.elements())
            .address(cache.scales())
            .address(copies)
            .integer(blocks)
            .integer(config.keyValueHeads()));
  }

  private static KernelLaunch forItems(String kernel, long count) {
    return KernelLaunch.of(kernel, Math.toIntExact((count + THREADS - 1) / THREADS), THREADS);
  }

  @Override
  public void close() {
    arguments.close();
  }
}
