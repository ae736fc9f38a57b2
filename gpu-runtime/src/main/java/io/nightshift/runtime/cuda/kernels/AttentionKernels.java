package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
  private final int multiprocessors;

  public AttentionKernels(
      KernelLibrary library, CudaStream stream, AttentionShape shape, KeyValueCacheLayout layout) {
    this.stream = stream;
    this.shape = shape;
    keyValueHeads = layout.keyValueHeads();
    arguments = library.arguments();
    multiprocessors = stream.device().multiprocessors();
    scale = (float) (1 / Math.sqrt(shape.headSize()));
    Map<String, Integer> definitions = layout.definitions();
    definitions.put("QUERY_GROUP", shape.group());
    for (int height : AttentionShape.HEIGHTS) {
      KernelSource source = KernelSource.resource(shape.source(height), definitions);
      byHeight.add(library.kernel(source, shape.kernel(height)));
    }
    merge = library.kernel(KernelSource.resource("attention", definitions), "merge_attention");
  }

  /**
   * Attention of queries to the keys and values of a layer.
   *
   * @param queries bf16 {@code [tokens][heads * headStride]}
   * @param output bf16 {@code [tokens][heads * headSize]}
   */
  public void attend(
      DeviceAttentionPlan plan,
      DeviceMatrix queries,
      LayerKeyValueCache cache,
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
            .buffer(plan.blockTables())
            .buffer(output)
            .buffer(partials.outputs())
            .buffer(partials.logSums())
            .integer(keyValueHeads)
            .real(scale);
        launch(i, pieces.rowCount());
      }
    }
    if (plan.merges().rows() > 0) {
      merge(plan, output, partials);
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

  private void merge(DeviceAttentionPlan plan, DeviceMatrix output, AttentionPartials partials) {
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
            .integer(keyValueHeads * shape.group()));
  }
}
