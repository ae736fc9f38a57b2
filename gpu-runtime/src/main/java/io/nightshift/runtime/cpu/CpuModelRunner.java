package io.nightshift.runtime.cpu;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.MatMulType;
import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.cpu.onednn.OneDnn;
import io.nightshift.runtime.cpu.onednn.Scratchpad;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.CacheSizing;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.GemmFloor;
import io.nightshift.runtime.runner.HostBlocks;
import io.nightshift.runtime.runner.HostMemory;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepBounds;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model runner on a CPU. Activations, KV cache and accumulators are f32; {@link DataType} is
 * the precision that products of linear layers are computed in. Quantized weights stay packed
 * ({@link LinearFormats}).
 *
 * <p>{@link #close()} frees all native memory. A step allocates no native memory if a step at least
 * as large has run before.
 */
public final class CpuModelRunner implements ModelRunner {
  private static final Logger LOG = LoggerFactory.getLogger(CpuModelRunner.class);

  private final ModelConfig config;
  private final EngineConfig options;
  private final List<BlockGroup> groups;
  private final HostBlocks hostBlocks;
  private final OneDnn library;
  private final WorkerPool pool;
  private final List<CpuTransformer> transformers = new ArrayList<>();
  private final RotaryTables rotary;
  private final @Nullable RankExchange ranks;
  private final Scratchpad logits = new Scratchpad("logits");
  private CpuMemoryPlan plan;
  private CpuWeights weights;
  private CpuKeyValueCache cache;
  private Activations activations;
  private boolean closed;

  /**
   * Loads and packs the weights.
   *
   * @param files must stay open while the runner is used: embedding rows are read from them
   * @throws DeviceException if weights, KV cache and activations exceed the memory limit, or oneDNN
   *     cannot be loaded
   */
  public CpuModelRunner(ModelFiles files, EngineConfig requested) {
    this(files, requested, null);
  }

  /**
   * Loads and packs the weights of a rank of a tensor-parallel model.
   *
   * @param files of the rank's shard
   * @param ranks null if there is only one
   */
  @SuppressWarnings("NullAway.Init")
  CpuModelRunner(ModelFiles files, EngineConfig requested, @Nullable RankExchange ranks) {
    requested.requireDevice(Device.CPU);
    requireOneRank(requested);
    this.ranks = ranks;
    this.config = files.config();
    this.options = requested;
    this.groups = cacheGroups(config, requested);
    this.hostBlocks = hostBlocks(config, requested);
    library = new OneDnn();
    pool = new WorkerPool(options.threads());
    rotary = new RotaryTables(config);
    try {
      pool.run(worker -> library.useCallingThreadOnly());
      MatMulType type = elementType();
      long exchange = ranks == null ? 0 : RankExchange.bytes(config, options);
      LinearFormats formats = new LinearFormats(library, type);
      plan = CpuMemoryPlan.of(files, formats, options, exchange);
      plan.check(options.memoryLimit());
      LOG.info("{}", plan);
      if (!formats.widened().isEmpty()) {
        LOG.info(
            "{} quantized matrices do not stay packed in their encoding: {}",
            formats.widened().size(),
            String.join(", ", formats.widened()));
      }
      HostMemory.ofThisMachine().require(options.hostKvCacheMemory(), 1);
      load(files, formats, options.dtype() == DataType.BF16 && type == MatMulType.F32);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static void requireOneRank(EngineConfig requested) {
    if (requested.tensorParallel() != 1) {
      throw new IllegalArgumentException(
          "CpuModelRunner is one rank, but the configuration is for %s; use CpuTensorParallel"
              .formatted(requested.tensorParallel()));
    }
  }

  /** Maximum number of tokens of a sequence that the KV cache of a runner has room for. */
  public static long kvCacheTokens(ModelConfig model, EngineConfig requested) {
    return CacheSizing.of(model, requested).maxTokens(cacheGroups(model, requested));
  }

  /** The groups of blocks of the KV cache of a runner. */
  static List<BlockGroup> cacheGroups(ModelConfig model, EngineConfig requested) {
    CacheSizing sizing = CacheSizing.of(model, requested);
    return requested.kvCacheMemory() == 0
        ? sizing.ofTokens(requested.kvCacheTokens())
        : sizing.ofBytes(
            requested.kvCacheMemory(), CpuKeyValueCache.layerBytes(model, requested.blockSize()));
  }

  /** The blocks of the KV cache of a runner in host memory, which is no other than the device's. */
  static HostBlocks hostBlocks(ModelConfig model, EngineConfig requested) {
    return HostBlocks.of(
        model, requested, CpuKeyValueCache.layerBytes(model, requested.blockSize()));
  }

  private void load(ModelFiles files, LinearFormats formats, boolean rounded) {
    pool.run(
        worker -> {
          if (worker == 0) {
            try (KernelCache kernels = new KernelCache(library);
                LinearPacker packer = new LinearPacker(formats, kernels, rounded)) {
              weights = new CpuWeights(files, packer);
            }
          }
        });
    cache = new CpuKeyValueCache(config, options.blockSize(), groups, hostBlocks);
    activations = new Activations(config, options.maxStepTokens());
    for (int i = 0; i < options.threads(); i++) {
      transformers.add(
          new CpuTransformer(library, config, weights, cache, activations, rotary, ranks));
    }
  }

  private MatMulType elementType() {
    if (options.dtype() == DataType.F32) {
      return MatMulType.F32;
    }
    if (!library.hasBf16()) {
      LOG.info(
          "This CPU does not support bf16 GEMMs: weights are rounded to bf16 and multiplied in f32");
      return MatMulType.F32;
    }
    return MatMulType.BF16;
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  @Override
  public int blockSize() {
    return options.blockSize();
  }

  @Override
  public int blockCount() {
    return groups.get(0).blockCount();
  }

  @Override
  public List<BlockGroup> blockGroups() {
    return groups;
  }

  @Override
  public HostBlocks hostBlocks() {
    return hostBlocks;
  }

  @Override
  public int maxStepTokens() {
    return options.maxStepTokens();
  }

  @Override
  public Logits run(StepBatch batch) {
    if (batch.tokenCount() > options.maxStepTokens()) {
      throw new IllegalArgumentException(
          "A step of %s tokens exceeds this runner's maximum of %s tokens"
              .formatted(batch.tokenCount(), options.maxStepTokens()));
    }
    ForwardBatch forwardBatch = new ForwardBatch(batch, StepBounds.of(this));
    rotary.cover(forwardBatch.lastPosition());
    long rowBytes = (long) config.logitsColumns() * Float.BYTES;
    int rows = batch.logits().isEmpty() ? 0 : TilePlan.roundRows(forwardBatch.logitsRows().size());
    NativeMemory memory = logits.memory(rows * rowBytes);
    PooledStates pooled =
        new PooledStates(forwardBatch, activations.normedMemory(), config.hiddenSize());
    ForwardStep step =
        new ForwardStep(
            forwardBatch, config, activations, memory.address(), pooled, options.threads());
    if (ranks != null) {
      ranks.beginStep();
    }
    pool.run(worker -> transformers.get(worker).forward(step));
    return new CpuLogits(forwardBatch, memory, config.logitsColumns(), pooled);
  }

  /** Times the runner's GEMMs. Must be used between steps, by the thread that runs them. */
  public GemmFloor gemmFloor() {
    return new CpuGemmFloor(config, weights, pool, workers());
  }

  /** Native bytes of weights, KV cache and the largest step together. */
  public long plannedBytes() {
    return plan.total();
  }

  /** Native bytes of the weights. */
  public long weightBytes() {
    return plan.weights();
  }

  /** The experts that the rows of the last step passed in a layer. */
  ExpertRouting routing(int layer) {
    return activations.experts().routing(layer);
  }

  /** Time of all steps so far, by stage. */
  public StepProfile profile() {
    return new StepProfile(workers().stream().map(Worker::clock).toList());
  }

  private List<Worker> workers() {
    return transformers.stream().map(CpuTransformer::worker).toList();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    pool.close();
    transformers.forEach(CpuTransformer::close);
    transformers.clear();
    logits.close();
    if (activations != null) {
      activations.close();
    }
    if (cache != null) {
      cache.close();
    }
    if (weights != null) {
      weights.close();
    }
    library.close();
  }
}
