package io.nightshift.runtime.cuda;

import static java.util.Objects.requireNonNull;

import io.nightshift.runtime.config.Device;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.cuda.gemm.GemmLibrary;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.cuda.kernels.AttentionPlanner;
import io.nightshift.runtime.cuda.kernels.BlockKernels;
import io.nightshift.runtime.cuda.kernels.PackedGemmKernels;
import io.nightshift.runtime.cuda.kernels.PoolingKernels;
import io.nightshift.runtime.cuda.peer.PeerGroup;
import io.nightshift.runtime.cuda.peer.PeerSums;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.parallel.RankContext;
import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.CacheSizing;
import io.nightshift.runtime.runner.DeviceTime;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.GemmFloor;
import io.nightshift.runtime.runner.HostBlocks;
import io.nightshift.runtime.runner.HostCopyTime;
import io.nightshift.runtime.runner.HostMemory;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepBounds;
import io.nightshift.runtime.runner.StepInFlight;
import io.nightshift.runtime.runner.StepTimes;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model runner on a GPU. All device memory is allocated when the runner is created; steps
 * allocate none. Used by one thread, like every runner.
 */
public final class CudaModelRunner implements ModelRunner {
  private static final Logger LOG = LoggerFactory.getLogger(CudaModelRunner.class);

  private final ModelConfig config;
  private final EngineConfig options;

  /** The resources that {@link #close} closes, the last one first. */
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  private final CudaDevice device;
  private final CudaStream stream;
  private final CudaMemoryPlan plan;
  private final GemmRunner gemms;
  private final CudaTransformer model;
  private final StepPipeline pipeline;
  private final @Nullable PeerGroup peers;
  private final HostBlocks hostBlocks;
  private final @Nullable HostBlockCopies hostCopies;

  /** Loads the weights of model files, which may be closed afterwards. */
  public CudaModelRunner(ModelFiles files, EngineConfig options) {
    this(files.config(), TensorEncodings.of(files), options, weightsOf(files, options), null);
  }

  /** The runner of a rank, with its shard of the weights; {@link CudaTensorParallel} creates it. */
  static CudaModelRunner ofRank(ModelFiles shard, EngineConfig options, RankContext ranks) {
    return new CudaModelRunner(
        shard.config(), TensorEncodings.of(shard), options, weightsOf(shard, options), ranks);
  }

  /** The runner of a rank, with random weights. */
  static CudaModelRunner ofRandomRank(
      ModelConfig shard, TensorEncodings encodings, EngineConfig options, RankContext ranks) {
    return new CudaModelRunner(
        shard, encodings, options, randomWeights(shard, encodings, options), ranks);
  }

  /** A runner with random weights, generated on the device: for benchmarks. */
  public static CudaModelRunner withRandomWeights(ModelConfig config, EngineConfig options) {
    return withRandomWeights(config, TensorEncodings.UNQUANTIZED, options);
  }

  /**
   * A runner with random weights, likewise.
   *
   * @param encodings of the layers' linear layers, which stay packed
   */
  public static CudaModelRunner withRandomWeights(
      ModelConfig config, TensorEncodings encodings, EngineConfig options) {
    return new CudaModelRunner(
        config, encodings, options, randomWeights(config, encodings, options), null);
  }

  /**
   * Checks that a runner can be created, and gives the GPU back.
   *
   * @return bytes of the GPU's memory that are not free: what the check itself needs, and what
   *     others have taken
   * @throws io.nightshift.runtime.runner.DeviceBusyException if another engine holds the GPU
   * @throws io.nightshift.runtime.runner.DeviceException if the GPU cannot be used, or has too
   *     little free memory; the message says what is missing
   */
  public static long requireRoom(
      ModelConfig config, TensorEncodings encodings, EngineConfig options) {
    HostKeyValueCache.blocks(config, options);
    try (CudaDevice device = CudaDevice.open(options.gpu())) {
      long free = device.freeMemory();
      boolean tiles = PackedGemmKernels.runsOn(device);
      CudaMemoryPlan.of(device.toString(), free, config, encodings, tiles, options);
      return device.totalMemory() - free;
    }
  }

  /**
   * Maximum number of tokens of a sequence that the KV cache has room for; empty if it is sized by
   * the free memory, which is known only once the runner exists.
   */
  public static OptionalLong kvCacheTokens(ModelConfig model, EngineConfig options) {
    return CudaMemoryPlan.requestedGroups(model, options).stream()
        .mapToLong(groups -> CacheSizing.of(model, options).maxTokens(groups))
        .findFirst();
  }

  private interface WeightsFactory {
    DeviceWeights load(CudaStream stream, KernelLibrary library);
  }

  private static WeightsFactory weightsOf(ModelFiles files, EngineConfig options) {
    GemmType type = GemmType.of(options.dtype());
    return (stream, library) -> DeviceWeights.load(files, type, stream, library);
  }

  private static WeightsFactory randomWeights(
      ModelConfig config, TensorEncodings encodings, EngineConfig options) {
    GemmType type = GemmType.of(options.dtype());
    return (stream, library) -> DeviceWeights.random(config, type, encodings, stream, library);
  }

  /**
   * @param ranks the ranks of the group, if the model is one's shard
   * @throws io.nightshift.runtime.runner.DeviceException if the device cannot be used, or has too
   *     little memory
   */
  private CudaModelRunner(
      ModelConfig config,
      TensorEncodings encodings,
      EngineConfig options,
      WeightsFactory weightsFactory,
      @Nullable RankContext ranks) {
    options.requireDevice(Device.CUDA);
    this.config = config;
    this.options = options;
    hostBlocks = HostKeyValueCache.blocks(config, options);
    HostMemory.ofThisMachine().require(options.hostKvCacheMemory(), 1);
    try {
      // In turn, so that of two groups that want the same GPUs, one gets all of them.
      Supplier<CudaDevice> opening = () -> CudaDevice.open(options.gpu());
      device = add(ranks == null ? opening.get() : ranks.inTurn(opening));
      // Ranks have equal blocks, since they have the same block tables.
      long free = ranks == null ? device.freeMemory() : ranks.minimum(device.freeMemory());
      boolean tiles = PackedGemmKernels.runsOn(device);
      plan = CudaMemoryPlan.of(device.toString(), free, config, encodings, tiles, options);
      LOG.info("{}: {}", device, plan.text(options.blockSize()));
      stream = add(new CudaStream(device));
      Path cacheFolder = CudaCacheFolder.ofThisMachine();
      KernelLibrary library = add(new KernelLibrary(device, cacheFolder));
      HostKeyValueCache host =
          hostBlocks.count() == 0 ? null : add(new HostKeyValueCache(device, hostBlocks));
      DeviceWeights weights = add(weightsFactory.load(stream, library));
      DeviceKeyValueCache cache =
          add(new DeviceKeyValueCache(device, config, options, plan.groups()));
      StepArena arena = add(new StepArena(device, config, options));
      List<StepSlot> slots =
          IntStream.range(0, StepSlot.COUNT)
              .mapToObj(i -> add(new StepSlot(device, config, options)))
              .toList();
      peers = ranks == null || ranks.degree() == 1 ? null : add(new PeerGroup(stream, ranks));
      PeerSums sums =
          peers == null
              ? null
              : new PeerSums(peers, peers.share(arena.memory()), peers.share(weights.memory()));
      if (ranks != null && ranks.rank() > 0) {
        awaitFirstRank(ranks);
      }
      GemmLibrary dense = add(new GemmLibrary(device, cacheFolder));
      gemms =
          new GemmRunner(
              stream, dense, add(new PackedGemm(library, stream, dense, weights, cacheFolder)));
      CudaOperators operators = operators(library, sums);
      FeedForwards feedForwards =
          new FeedForwards(library, operators, config, weights, arena, cacheFolder);
      BlockKernels blocks = new BlockKernels(library, stream, cache.layout());
      PoolingKernels pooling = new PoolingKernels(library, stream);
      model =
          new CudaTransformer(
              config, weights, cache, blocks, arena, operators, pooling, feedForwards.layers());
      prepare(feedForwards);
      if (ranks != null && ranks.rank() == 0) {
        awaitFirstRank(ranks);
      }
      DeviceMasks masks = add(new DeviceMasks(device, config, options));
      DeviceSampling sampling =
          new DeviceSampling(
              library,
              stream,
              config.vocabularySize(),
              masks.bitSets(),
              sums == null ? null : logitsExchange(library, sums, arena, slots));
      if (host != null) {
        host.await();
      }
      hostCopies =
          host == null
              ? null
              : add(new HostBlockCopies(device, library, cache, host, config, options));
      pipeline =
          add(
              new StepPipeline(
                  stream,
                  packer(),
                  model,
                  sampling,
                  masks,
                  slots,
                  config,
                  options,
                  peers,
                  hostCopies));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T add(T resource) {
    resources.push(resource);
    return resource;
  }

  /**
   * The first rank chooses algorithms before the others do: they find its choices on disk. What all
   * ranks compute, such as the scores of experts, has the same bits then.
   */
  private static void awaitFirstRank(RankContext ranks) {
    ranks.minimum(0);
  }

  private CudaOperators operators(KernelLibrary library, @Nullable PeerSums sums) {
    RotaryEmbeddings rotary = add(new RotaryEmbeddings(library, stream, config, options));
    return CudaOperators.compile(library, stream, gemms, config, options, rotary, sums);
  }

  private LogitsExchange logitsExchange(
      KernelLibrary library, PeerSums sums, StepArena arena, List<StepSlot> slots) {
    return new LogitsExchange(
        library,
        stream,
        sums.group(),
        sums.arena(),
        requireNonNull(arena.gatheredLogits),
        slots.stream().map(slot -> slot.results).toList());
  }

  /** Chooses all algorithms that steps need, so that none is chosen in the middle of a run. */
  private void prepare(FeedForwards feedForwards) {
    List<Integer> rowCounts = Gemm.roundedRows(options.maxStepTokens());
    GemmPreparation preparation = new GemmPreparation(stream, gemms, model.layerGemms());
    preparation.prepareLayers(rowCounts);
    preparation.prepareLogits(model.logitsGemm(), Gemm.roundedRows(StepArena.logitsRows(options)));
    feedForwards.prepare(rowCounts);
    stream.synchronize();
    gemms.library().save();
  }

  private StepPacker packer() {
    return new StepPacker(
        IntStream.range(0, plan.groups().size()).mapToObj(this::planner).toList(),
        config.cacheGroup(config.layerCount() - 1),
        options.maxStepTokens());
  }

  private AttentionPlanner planner(int group) {
    return new AttentionPlanner(
        CudaOperators.attentionShape(config, options, device),
        config.attention().keyValueHeads(),
        options.blockSize(),
        group,
        plan.groups().get(group).slidingWindow(),
        device.multiprocessors(),
        StepArena.maxPartials(options));
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
    return plan.groups().get(0).blockCount();
  }

  @Override
  public List<BlockGroup> blockGroups() {
    return plan.groups();
  }

  @Override
  public HostBlocks hostBlocks() {
    return hostBlocks;
  }

  @Override
  public Optional<HostCopyTime> hostCopyTime() {
    return Optional.ofNullable(hostCopies).map(HostBlockCopies::time);
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
  public Logits run(StepBatch step) {
    StepInFlight submitted = submit(step);
    submitted.sample();
    return submitted.await();
  }

  @Override
  public StepInFlight submit(StepBatch step) {
    if (step.tokenCount() > options.maxStepTokens()) {
      throw new IllegalArgumentException(
          "A step of %s tokens; this runner takes %s"
              .formatted(step.tokenCount(), options.maxStepTokens()));
    }
    ForwardBatch batch = new ForwardBatch(step, StepBounds.of(this), pipeline.requestsInFlight());
    device.makeCurrent();
    return pipeline.submit(batch);
  }

  @Override
  public Optional<DeviceTime> deviceTime() {
    return Optional.of(pipeline.deviceTime());
  }

  @Override
  public Optional<StepTimes> stepTimes() {
    return Optional.of(new GemmTimes(gemms, model.layerGemms()));
  }

  /** Times the runner's GEMMs on demand; for use between steps, by the thread that runs steps. */
  public GemmFloor gemmFloor() {
    List<DecoderGemms> layers = model.layerGemms();
    new GemmPreparation(stream, gemms, layers).prepareFloor(options.maxStepTokens());
    gemms.library().save();
    return new CudaGemmFloor(stream, gemms, layers);
  }

  /** Bytes of device memory in use, by this process and by all others. */
  public long usedDeviceMemory() {
    device.makeCurrent();
    return device.totalMemory() - device.freeMemory();
  }

  /** The device's name: {@code NVIDIA H200}. */
  public String deviceName() {
    return device.name();
  }

  /** Makes a rank wait for no other any more, on any thread; what it computes is worthless then. */
  void abortExchanges() {
    if (peers != null) {
      peers.abort();
    }
  }

  @Override
  public void close() {
    if (resources.peekLast() instanceof CudaDevice held) {
      // The closing thread may have taken no step, or have another device.
      free(held::makeCurrent);
    }
    while (!resources.isEmpty()) {
      free(resources.pop());
    }
  }

  private static void free(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      LOG.warn("A resource of the CUDA runner could not be freed", e);
    }
  }
}
