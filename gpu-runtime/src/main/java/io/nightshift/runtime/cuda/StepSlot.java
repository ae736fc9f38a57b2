package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.ForwardBatch;
import org.jspecify.annotations.Nullable;

/**
 * The resources of one step in flight: its inputs, its results, and events that mark its progress.
 * There are two, which steps use in turn.
 */
final class StepSlot implements AutoCloseable {
  /** Maximum number of steps in flight. */
  static final int COUNT = 2;

  final StepUpload inputs;
  final SampledResults results;

  /** Rows of logits that the host reads. */
  final PinnedRows rows;

  /** Sums of hidden states. */
  final PinnedRows pooled;

  /** Recorded when the inputs are on the device. */
  final CudaEvent uploaded;

  /** Recorded when the inputs of sampling that came late are on the device. */
  final CudaEvent masksUploaded;

  /** Recorded when the last kernel has ended. */
  final CudaEvent computed;

  /** Recorded when the results are on the host. */
  final CudaEvent done;

  private @Nullable ForwardBatch batch;

  StepSlot(CudaDevice device, ModelConfig config, EngineConfig options) {
    inputs = new StepUpload(device, StepBufferSize.bytes(config, options));
    results = new SampledResults(device, options.maxStepTokens());
    rows = new PinnedRows(device, config.logitsColumns());
    pooled = new PinnedRows(device, config.hiddenSize());
    uploaded = new CudaEvent(device);
    masksUploaded = new CudaEvent(device);
    computed = new CudaEvent(device);
    done = new CudaEvent(device);
  }

  static long deviceBytes(ModelConfig config, EngineConfig options) {
    return (long) StepBufferSize.bytes(config, options)
        + SampledResults.bytes(options.maxStepTokens());
  }

  /** The step in flight; null if there is none. */
  @Nullable ForwardBatch batch() {
    return batch;
  }

  /**
   * Starts another step.
   *
   * @throws IllegalStateException if the last one is still in flight
   */
  void begin(ForwardBatch next) {
    if (batch != null) {
      throw new IllegalStateException("a third step while two are in flight");
    }
    batch = next;
    inputs.begin();
  }

  /** Waits until the step is done. Its results stay until the next one begins. */
  void await() {
    done.synchronize();
    batch = null;
  }

  @Override
  public void close() {
    inputs.close();
    results.close();
    rows.close();
    pooled.close();
    uploaded.close();
    masksUploaded.close();
    computed.close();
    done.close();
  }
}
