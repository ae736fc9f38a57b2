package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.SamplingInputs.DeviceChunk;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.kernels.AttentionPlanner;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.RowSet;
import io.nightshift.runtime.runner.StepLayout;
import java.util.List;
import java.util.stream.IntStream;

/** Brings a step's inputs to the device: what to compute, and where it lies. */
final class StepInputs implements AutoCloseable {
  /** Block tables of a thousand of the longest contexts, and lists for the largest steps. */
  private static final int BUFFER_BYTES = 64 << 20;

  private final StepBuffer buffer;
  private final AttentionPlanner planner;
  private final int blockSize;

  StepInputs(CudaDevice device, ModelConfig config, CudaRunnerOptions options) {
    blockSize = options.blockSize();
    buffer = new StepBuffer(device, BUFFER_BYTES);
    planner =
        new AttentionPlanner(
            AttentionKernels.shape(config, options),
            config.keyValueHeads(),
            blockSize,
            config.slidingWindow(),
            device.multiprocessors(),
            StepArena.maxPartials(options));
  }

  /** Device memory that this takes. */
  static long bytes() {
    return BUFFER_BYTES;
  }

  /** Packs a step; the copy of the last one must be over. */
  DeviceStep pack(StepLayout layout) {
    buffer.begin();
    int tokens = layout.tokens();
    RowSet kept = layout.kept();
    return new DeviceStep(
        tokens,
        buffer.add(IntStream.range(0, tokens).map(layout::tokenId).toArray()),
        buffer.add(IntStream.range(0, tokens).map(layout::position).toArray()),
        buffer.add(
            IntStream.range(0, tokens)
                .map(token -> layout.block(token) * blockSize + layout.offset(token))
                .toArray()),
        buffer.add(
            layout.copies().stream()
                .flatMapToInt(copy -> IntStream.of(copy.source(), copy.target(), copy.tokens()))
                .toArray()),
        layout.copies().size(),
        DeviceAttention.pack(planner.plan(layout, layout.all()), buffer),
        kept.size() == tokens ? null : kept(layout, kept),
        kept.size());
  }

  private DeviceStep.KeptRows kept(StepLayout layout, RowSet kept) {
    return new DeviceStep.KeptRows(
        buffer.add(kept.tokens()),
        buffer.add(IntStream.of(kept.tokens()).map(layout::position).toArray()),
        DeviceAttention.pack(planner.plan(layout, kept), buffer));
  }

  /** Packs what becomes of the logits, behind the step itself. */
  List<DeviceChunk> packSampling(SamplingInputs wanted, int chunkRows) {
    return wanted.pack(buffer, chunkRows);
  }

  /** Puts the copy to the device into the stream. */
  void upload(CudaStream stream) {
    buffer.upload(stream);
  }

  @Override
  public void close() {
    buffer.close();
  }
}
