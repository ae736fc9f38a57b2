package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.cuda.kernels.KernelLaunch;
import io.nightshift.runtime.model.ModelConfig;
import java.util.HashMap;
import java.util.Map;

/** Attention of a step's rows to their contexts, as planned. */
final class AttentionKernels implements AutoCloseable {
  private final ModelConfig config;
  private final CudaStream stream;
  private final DeviceKeyValueCache cache;
  private final StepArena arena;
  private final KernelArguments arguments = new KernelArguments();
  private final CudaKernel kernel;

  AttentionKernels(
      KernelLibrary library,
      CudaStream stream,
      ModelConfig config,
      CudaRunnerOptions options,
      DeviceKeyValueCache cache,
      StepArena arena) {
    this.config = config;
    this.stream = stream;
    this.cache = cache;
    this.arena = arena;
    Map<String, Integer> definitions =
        new HashMap<>(ModelKernels.cacheDefinitions(config, options));
    definitions.put("QUERY_GROUP", config.queryHeadsPerKeyValueHead());
    kernel = library.kernel(KernelSource.resource("attention", definitions), "attention_64");
  }

  void run(DeviceAttention plan, int layer) {
    int stride = new ModelDimensions(config).headStride();
    int pitch = stride * 2 / 16 % 2 == 1 ? stride * 2 : stride * 2 + 16;
    int tile = stride > 128 ? 32 : 64;
    int shared = 64 * 12 + 64 * pitch + 2 * 2 * tile * pitch;
    kernel.launch(
        stream,
        new KernelLaunch("attention_64", plan.pieces() * config.keyValueHeads(), 1, 1, 128, shared),
        arguments
            .begin()
            .address(arena.queries)
            .address(cache.keys(layer))
            .address(cache.values(layer))
            .address(0)
            .address(0)
            .address(plan.pieceList())
            .address(plan.rows())
            .address(plan.treeMasks())
            .address(plan.blockTables())
            .address(arena.attention)
            .address(arena.partials)
            .address(arena.partialLogSums)
            .integer(config.keyValueHeads())
            .real((float) (1 / Math.sqrt(config.headSize()))));
  }

  @Override
  public void close() {
    arguments.close();
  }
}
