package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.kernels.AttentionPlanner;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.RowSet;
import io.nightshift.runtime.runner.StepLayout;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Packs a step's inputs for the device: what to compute, and where it lies. */
final class StepPacker {
  private final AttentionPlanner planner;
  private final int blockSize;

  StepPacker(CudaDevice device, ModelConfig config, CudaRunnerOptions options) {
    blockSize = options.blockSize();
    planner =
        new AttentionPlanner(
            AttentionKernels.shape(config, options),
            config.keyValueHeads(),
            blockSize,
            config.slidingWindow(),
            device.multiprocessors(),
            StepArena.maxPartials(options));
  }

  /**
   * Packs a step. Token ids that the step before samples are named by their row there, {@code -1 -
   * row}.
   *
   * @param before the step before, if it is in flight
   */
  DeviceStep pack(StepLayout layout, @Nullable StepLayout before, StepBuffer buffer) {
    int tokens = layout.tokens();
    RowSet kept = layout.kept();
    int[] tokenIds = new int[tokens];
    int[] positions = new int[tokens];
    int[] slots = new int[tokens];
    boolean known = true;
    for (int token = 0; token < tokens; token++) {
      tokenIds[token] = rowOfSampled(layout.tokenId(token), before);
      known &= tokenIds[token] >= 0;
      positions[token] = layout.position(token);
      slots[token] = layout.block(token) * blockSize + layout.offset(token);
    }
    return new DeviceStep(
        tokens,
        buffer.add(tokenIds),
        known,
        buffer.add(positions),
        buffer.add(slots),
        buffer.add(
            layout.copies().stream()
                .flatMapToInt(copy -> IntStream.of(copy.source(), copy.target(), copy.tokens()))
                .toArray()),
        layout.copies().size(),
        DeviceAttention.pack(planner.plan(layout, layout.all()), buffer),
        kept.size() == tokens ? null : kept(layout, kept, buffer),
        kept.size());
  }

  /** A token id, or instead of a request of the step before the row of its token there. */
  static int rowOfSampled(int tokenId, @Nullable StepLayout before) {
    return tokenId >= 0 || before == null ? tokenId : -1 - before.requestRow(-1 - tokenId);
  }

  private DeviceStep.KeptRows kept(StepLayout layout, RowSet kept, StepBuffer buffer) {
    return new DeviceStep.KeptRows(
        buffer.add(kept.tokens()),
        buffer.add(IntStream.of(kept.tokens()).map(layout::position).toArray()),
        DeviceAttention.pack(planner.plan(layout, kept), buffer));
  }
}
