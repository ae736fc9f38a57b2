package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.cuda.kernels.AttentionPlanner;
import io.nightshift.runtime.cuda.kernels.AttentionShape;
import io.nightshift.runtime.model.ModelConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Attention of a step's rows to their contexts, as planned: a launch for each tile height. */
final class AttentionKernels implements AutoCloseable {
  private final ModelConfig config;
  private final AttentionShape shape;
  private final CudaStream stream;
  private final DeviceKeyValueCache cache;
  private final StepArena arena;
  private final KernelArguments arguments = new KernelArguments();
  private final List<CudaKernel> byHeight = new ArrayList<>();
  private final CudaKernel merge;
  private final float scale;
  private final int multiprocessors;

  AttentionKernels(
      KernelLibrary library,
      CudaStream stream,
      ModelConfig config,
      EngineConfig options,
      DeviceKeyValueCache cache,
      StepArena arena) {
    this.config = config;
    this.stream = stream;
    this.cache = cache;
    this.arena = arena;
    shape = shape(config, options, stream.device());
    multiprocessors = stream.device().multiprocessors();
    scale = (float) (1 / Math.sqrt(config.headSize()));
    Map<String, Integer> definitions =
        new HashMap<>(ModelKernels.cacheDefinitions(config, options));
    definitions.put("QUERY_GROUP", config.queryHeadsPerKeyValueHead());
    for (int height : AttentionShape.HEIGHTS) {
      KernelSource source = KernelSource.resource(shape.source(height), definitions);
      byHeight.add(library.kernel(source, shape.kernel(height)));
    }
    merge = library.kernel(KernelSource.resource("attention", definitions), "merge_attention");
  }

  static AttentionShape shape(ModelConfig config, EngineConfig options, CudaDevice device) {
    return new AttentionShape(
        config.headSize(),
        config.queryHeadsPerKeyValueHead(),
        options.fp8KvCache(),
        device.computeCapability() == 90);
  }

  /** Plans steps for these kernels. */
  static AttentionPlanner planner(ModelConfig config, EngineConfig options, CudaDevice device) {
    return new AttentionPlanner(
        shape(config, options, device),
        config.keyValueHeads(),
        options.blockSize(),
        config.slidingWindow(),
        device.multiprocessors(),
        StepArena.maxPartials(options));
  }

  /** Attention of the arena's queries, to the arena's attention output. */
  void run(DeviceAttention plan, int layer) {
    for (int i = 0; i < byHeight.size(); i++) {
      int pieces = plan.pieceCounts().get(i);
      if (pieces > 0) {
        int height = AttentionShape.HEIGHTS.get(i);
        KernelArguments withPieces = pieceArguments(plan, plan.pieces().get(i), layer);
        if (shape.inWarpgroups(height)) {
          withPieces.integer(pieces);
        }
        byHeight
            .get(i)
            .launch(
                stream,
                shape.launch(height, pieces, config.keyValueHeads(), multiprocessors),
                withPieces);
      }
    }
    if (plan.mergeCount() > 0) {
      merge.launch(
          stream,
          shape.mergeLaunch(plan.mergeCount(), config.keyValueHeads()),
          arguments
              .begin()
              .address(arena.partials)
              .address(arena.partialLogSums)
              .address(plan.merges())
              .address(plan.mergeSources())
              .address(arena.attention)
              .integer(config.attentionHeads()));
    }
  }

  private KernelArguments pieceArguments(DeviceAttention plan, long pieces, int layer) {
    return arguments
        .begin()
        .address(arena.queries)
        .address(cache.keys(layer))
        .address(cache.values(layer))
        .address(cache.keyScales(layer))
        .address(cache.valueScales(layer))
        .address(pieces)
        .address(plan.rows())
        .address(plan.treeMasks())
        .address(plan.blockTables())
        .address(arena.attention)
        .address(arena.partials)
        .address(arena.partialLogSums)
        .integer(config.keyValueHeads())
        .real(scale);
  }

  @Override
  public void close() {
    arguments.close();
  }
}
