package io.nightshift.runtime.cpu;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cpu.onednn.ElementType;
import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.OneDnn;
import io.nightshift.runtime.cpu.onednn.Scratchpad;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.GemmFloor;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model runner on a CPU. Activations, KV cache and sums are f32; weights as {@link DataType}
 * says.
 *
 * <p>All native memory is freed by {@link #close()}. A step allocates nothing native once the
 * largest step has been seen.
 */
public final class CpuModelRunner implements ModelRunner {
  private static final Logger LOG = LoggerFactory.getLogger(CpuModelRunner.class);

  private final ModelConfig config;
  private final EngineConfig options;
  private final OneDnn library;
  private final WorkerPool pool;
  private final List<Worker> workers = new ArrayList<>();
  private final RotaryTable rotary;
  private final Scratchpad logits = new Scratchpad("logits");
  private MemoryPlan plan;
  private ModelWeights weights;
  private KeyValueCache cache;
  private Activations activations;

  /**
   * Loads and packs the weights.
   *
   * @param files must stay open as long as the runner is used: embedding rows are read from them
   * @throws DeviceException if weights, KV cache and activations need more than the memory limit,
   *     or oneDNN cannot be loaded
   */
  @SuppressWarnings("NullAway.Init")
  public CpuModelRunner(ModelFiles files, EngineConfig requested) {
    requested.requireDevice(Device.CPU);
    this.config = files.config();
    this.options = sized(config, requested);
    library = new OneDnn();
    pool = new WorkerPool(options.threads());
    rotary = new RotaryTable(config.rope(), config.headSize());
    try {
      pool.run(worker -> library.useCallingThreadOnly());
      ElementType type = elementType();
      plan = MemoryPlan.of(library, config, options, type);
      plan.check(options.memoryLimit());
      load(files, type);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Number of tokens that the KV cache of a runner holds. */
  public static long kvCacheTokens(ModelConfig model, EngineConfig requested) {
    EngineConfig sized = sized(model, requested);
    return (long) sized.blockCount() * sized.blockSize();
  }

  /** The same configuration with its KV cache sized in tokens. */
  private static EngineConfig sized(ModelConfig model, EngineConfig requested) {
    return requested.kvCacheMemory() == 0
        ? requested
        : requested.withKvCacheTokens(requested.kvCacheMemory() / KeyValueCache.bytes(model, 1, 1));
  }

  private void load(ModelFiles files, ElementType type) {
    boolean rounded = options.dtype() == DataType.BF16 && type == ElementType.F32;
    pool.run(
        worker -> {
          if (worker == 0) {
            try (KernelCache kernels = new KernelCache(library);
                LinearPacker packer = new LinearPacker(library, kernels, type, rounded)) {
              weights = new ModelWeights(files, packer);
            }
          }
        });
    cache = new KeyValueCache(config, options.blockSize(), options.blockCount());
    activations = new Activations(config, options.maxStepTokens());
    for (int i = 0; i < options.threads(); i++) {
      workers.add(new Worker(library, config, weights, cache, activations, rotary));
    }
  }

  private ElementType elementType() {
    if (options.dtype() == DataType.F32) {
      return ElementType.F32;
    }
    if (library.hasBf16()) {
      return ElementType.BF16;
    }
    LOG.info("This CPU has no bf16 products: weights are rounded to bf16 and multiplied in f32");
    return ElementType.F32;
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
    return options.blockCount();
  }

  @Override
  public int maxStepTokens() {
    return options.maxStepTokens();
  }

  @Override
  public Logits run(StepBatch batch) {
    if (batch.tokenCount() > options.maxStepTokens()) {
      throw new IllegalArgumentException(
          "A step of %s tokens; this runner takes %s"
              .formatted(batch.tokenCount(), options.maxStepTokens()));
    }
    ForwardBatch layout =
        new ForwardBatch(batch, config.vocabularySize(), options.blockSize(), options.blockCount());
    rotary.cover(layout.lastPosition());
    long rowBytes = (long) config.vocabularySize() * Float.BYTES;
    int rows = layout.logitsRows().size() == 0 ? 0 : Worker.roundRows(layout.logitsRows().size());
    var memory = logits.memory(rows * rowBytes);
    ForwardPass pass =
        new ForwardPass(
            config, weights, cache, activations, layout, memory.address(), options.threads());
    pool.run(worker -> pass.run(workers.get(worker)));
    return new CpuLogits(layout, memory, config.vocabularySize());
  }

  /** Times the runner's products when asked; for use between steps, by the thread that steps. */
  public GemmFloor gemmFloor() {
    return new CpuGemmFloor(config, weights, pool, workers);
  }

  /** Native bytes that weights, KV cache and the largest step take together. */
  public long plannedBytes() {
    return plan.total();
  }

  /** Where the time of all steps so far went. */
  public StepProfile profile() {
    return new StepProfile(workers.stream().map(Worker::clock).toList());
  }

  @Override
  public void close() {
    pool.close();
    workers.forEach(Worker::close);
    workers.clear();
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
