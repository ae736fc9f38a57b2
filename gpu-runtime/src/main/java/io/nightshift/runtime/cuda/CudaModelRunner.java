package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.cuda.gemm.GemmLibrary;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.runner.DeviceTime;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.GemmFloor;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepInFlight;
import io.nightshift.runtime.runner.StepTimes;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model runner on a GPU. All device memory is allocated when the runner is made; a step
 * allocates nothing there. Used by one thread, as every runner.
 */
public final class CudaModelRunner implements ModelRunner {
  private static final Logger LOG = LoggerFactory.getLogger(CudaModelRunner.class);

  private final ModelConfig config;
  private final EngineConfig options;

  /** What {@link #close} closes, the last first. */
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  private final CudaDevice device;
  private final CudaStream stream;
  private final CudaMemoryPlan plan;
  private final GemmLibrary products;
  private final DeviceWeights weights;
  private final StepArena arena;
  private final StepPipeline pipeline;
  private final int positions;

  /** Loads the weights of model files, which may be closed afterwards. */
  public CudaModelRunner(ModelFiles files, EngineConfig options) {
    this(
        files.config(),
        options,
        (stream, kernels) ->
            DeviceWeights.load(files, GemmType.of(options.dtype()), stream, kernels));
  }

  /** A runner with random weights, made on the device: for benchmarks. */
  public static CudaModelRunner withRandomWeights(ModelConfig config, EngineConfig options) {
    return new CudaModelRunner(
        config,
        options,
        (stream, kernels) ->
            DeviceWeights.random(config, GemmType.of(options.dtype()), stream, kernels));
  }

  /**
   * Checks that a GPU can be used, without taking it.
   *
   * @throws io.nightshift.runtime.runner.DeviceException if not; the message says what is missing
   */
  public static void requireDevice(int ordinal) {
    CudaDevice.open(ordinal).close();
  }

  /**
   * Number of tokens that the KV cache of a runner holds; empty if it is sized by the free memory,
   * which is known only once the runner exists.
   */
  public static OptionalLong kvCacheTokens(ModelConfig model, EngineConfig options) {
    OptionalLong blocks = CudaMemoryPlan.requestedBlocks(model, options);
    return blocks.isPresent()
        ? OptionalLong.of(blocks.getAsLong() * options.blockSize())
        : OptionalLong.empty();
  }

  private interface Weights {
    DeviceWeights make(CudaStream stream, KernelLibrary kernels);
  }

  /**
   * @throws io.nightshift.runtime.runner.DeviceException if the device cannot be used, or has too
   *     little memory
   */
  private CudaModelRunner(ModelConfig config, EngineConfig options, Weights weightSource) {
    options.requireDevice(Device.CUDA);
    this.config = config;
    this.options = options;
    try {
      device = add(CudaDevice.open(options.gpu()));
      plan = CudaMemoryPlan.of(device.toString(), device.freeMemory(), config, options);
      stream = add(new CudaStream(device));
      Path cacheFolder = CudaCacheFolder.ofThisMachine();
      KernelLibrary library = add(new KernelLibrary(device, cacheFolder));
      ModelKernels kernels = add(new ModelKernels(library, stream, config, options));
      products = add(new GemmLibrary(device, cacheFolder));
      DeviceMemory rotary =
          add(
              new DeviceMemory(
                  device, "the rotary table", CudaMemoryPlan.rotaryTableBytes(config)));
      positions = config.maxPositions();
      fillRotaryTable(kernels, rotary);
      weights = add(weightSource.make(stream, library));
      DeviceKeyValueCache cache =
          add(new DeviceKeyValueCache(device, config, options, plan.blocks()));
      arena = add(new StepArena(device, config, options));
      AttentionKernels attention =
          add(new AttentionKernels(library, stream, config, options, cache, arena));
      GatedMlp gatedMlp =
          add(new GatedMlp(library, stream, products, kernels, weights, arena, cacheFolder));
      ForwardPass forward =
          new ForwardPass(
              config,
              stream,
              weights,
              cache,
              arena,
              products,
              kernels,
              attention,
              gatedMlp,
              rotary.address(),
              plan.blocks(),
              options.dtype() == DataType.FP8);
      new GemmPreparation(config, stream, products, weights, arena)
          .prepare(options.maxStepTokens(), StepArena.logitsRows(options));
      gatedMlp.prepare(Gemm.roundedRows(options.maxStepTokens()));
      stream.synchronize();
      products.save();
      pipeline =
          add(
              new StepPipeline(
                  stream,
                  new StepPacker(
                      AttentionKernels.planner(config, options, device),
                      options.blockSize(),
                      options.maxStepTokens()),
                  forward,
                  add(new DeviceSampling(library, stream, config.vocabularySize())),
                  arena.logits,
                  config,
                  options));
      LOG.info("{}: {}", device, plan);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T add(T resource) {
    resources.push(resource);
    return resource;
  }

  private void fillRotaryTable(ModelKernels kernels, DeviceMemory table) {
    float[] frequencies = config.rope().inverseFrequencies(config.headSize());
    int bytes = frequencies.length * Float.BYTES;
    try (PinnedMemory host = new PinnedMemory(device, bytes);
        DeviceMemory copy = new DeviceMemory(device, "rotary frequencies", bytes)) {
      host.buffer().asFloatBuffer().put(frequencies);
      stream.copyToDevice(host, copy.address(), bytes);
      kernels.rotaryTable(copy.address(), table.address(), positions);
      stream.synchronize();
    }
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
    return plan.blocks();
  }

  @Override
  public int maxStepTokens() {
    return options.maxStepTokens();
  }

  @Override
  public long maxStepInputs() {
    return StepBufferSize.stepInputs(config, options);
  }

  @Override
  public Logits run(StepBatch batch) {
    return submit(batch).await();
  }

  @Override
  public StepInFlight submit(StepBatch batch) {
    if (batch.tokenCount() > options.maxStepTokens()) {
      throw new IllegalArgumentException(
          "A step of %s tokens; this runner takes %s"
              .formatted(batch.tokenCount(), options.maxStepTokens()));
    }
    ForwardBatch layout =
        new ForwardBatch(
            batch,
            config.vocabularySize(),
            options.blockSize(),
            plan.blocks(),
            pipeline.requestsInFlight());
    if (layout.lastPosition() >= positions) {
      throw new IllegalArgumentException(
          "Position %s; the model has %s".formatted(layout.lastPosition(), positions));
    }
    device.makeCurrent();
    return pipeline.submit(layout);
  }

  @Override
  public Optional<DeviceTime> deviceTime() {
    return Optional.of(pipeline.deviceTime());
  }

  @Override
  public Optional<StepTimes> stepTimes() {
    return Optional.of(new GemmTimes(config, products, weights, arena));
  }

  /** Times the runner's products when asked; for use between steps, by the thread that steps. */
  public GemmFloor gemmFloor() {
    new GemmPreparation(config, stream, products, weights, arena)
        .prepareFloor(options.maxStepTokens());
    products.save();
    return new CudaGemmFloor(stream, products, weights, new LayerGemms(config, arena));
  }

  /** Bytes of device memory that are taken, by this process and by all others. */
  public long usedDeviceMemory() {
    return device.totalMemory() - device.freeMemory();
  }

  /** The device's name: {@code NVIDIA H200}. */
  public String deviceName() {
    return device.name();
  }

  @Override
  public void close() {
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception e) {
        LOG.warn("A resource of the CUDA runner could not be freed", e);
      }
    }
  }
}
