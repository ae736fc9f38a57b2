package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.model.AttentionConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The kernels of {@code attention.cu} and {@code attention_warpgroup.cu}: attention of a step's
 * queries to their contexts in the KV cache, as planned. A launch for each tile height that has
 * pieces, and one that merges partial results.
 */
public final class AttentionKernels {
  private final CudaStream stream;
  private final KernelArguments arguments;
  private final AttentionShape shape;
  private final int keyValueHeads;
  private final List<CudaKernel> byHeight = new ArrayList<>();
  private final CudaKernel merge;
  private final float scale;
  private final float softCap;
  private final int multiprocessors;

  public AttentionKernels(
      KernelLibrary library,
      CudaStream stream,
      AttentionShape shape,
      KeyValueCacheLayout layout,
      AttentionConfig config) {
    this.stream = stream;
    this.shape = shape;
    keyValueHeads = layout.keyValueHeads();
    arguments = library.arguments();
    multiprocessors = stream.device().multiprocessors();
    scale = config.scale();
    softCap = config.softCap();
    Map<String, Integer> definitions = layout.definitions();
    definitions.put("QUERY_GROUP", shape.group());
    definitions.put("SOFT_CAP", softCap > 0 ? 1 : 0);
    definitions.put("SINKS", config.sinks() ? 1 : 0);
    for (int height : AttentionShape.HEIGHTS) {
      KernelSource source = KernelSource.resource(shape.source(height), definitions);
      byHeight.add(library.kernel(source, shape.kernel(height)));
    }
    merge = library.kernel(KernelSource.resource("attention", definitions), "merge_attention");
  }

  /**
   * Attention of queries to the keys and values of a layer.
   *
   * @param blockTables ints: the block tables of the step's sequences
   * @param queries bf16 {@code [tokens][heads * headStride]}
   * @param sinks f32 {@code [heads]}; null if the model has none
   * @param output bf16 {@code [tokens][heads * headSize]}
   */
  public void attend(
      DeviceAttentionPlan plan,
      DeviceVector blockTables,
      DeviceMatrix queries,
      LayerKeyValueCache cache,
      @Nullable DeviceVector sinks,
      DeviceMatrix output,
      AttentionPartials partials) {
    for (int i = 0; i < byHeight.size(); i++) {
      DeviceMatrix pieces = plan.pieces().get(i);
      if (pieces.rows() > 0) {
        arguments
            .begin()
            .buffer(queries)
            .buffer(cache.keys())
            .buffer(cache.values())
            .buffer(cache.keyScales())
            .buffer(cache.valueScales())
            .buffer(pieces)
            .buffer(plan.rows())
            .buffer(plan.treeMasks())
            .buffer(blockTables)
            .buffer(output)
            .buffer(partials.outputs())
            .buffer(partials.logSums())
            .integer(keyValueHeads)
            .real(scale)
            .real(softCap)
            .buffer(sinks);
        launch(i, pieces.rowCount());
      }
    }
    if (plan.merges().rows() > 0) {
      merge(plan, sinks, output, partials);
    }
  }

  private void launch(int index, int pieces) {
    int height = AttentionShape.HEIGHTS.get(index);
    if (shape.inWarpgroups(height)) {
      arguments.integer(pieces);
    }
    byHeight
        .get(index)
        .launch(stream, shape.launch(height, pieces, keyValueHeads, multiprocessors), arguments);
  }

  private void merge(
      DeviceAttentionPlan plan,
      @Nullable DeviceVector sinks,
      DeviceMatrix output,
      AttentionPartials partials) {
    merge.launch(
        stream,
        shape.mergeLaunch(plan.merges().rowCount(), keyValueHeads),
        arguments
            .begin()
            .buffer(partials.outputs())
            .buffer(partials.logSums())
            .buffer(plan.merges())
            .buffer(plan.mergeSources())
            .buffer(output)
            .buffer(sinks)
            .integer(keyValueHeads * shape.group()));
  }
}
