package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.ForwardBatch;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to one step in flight: its inputs, its results, and how far the device has come with
 * it. There are two, which steps use in turn.
 */
final class StepSlot implements AutoCloseable {
  /** Steps that may be in flight. */
  static final int COUNT = 2;

  final StepUpload inputs;
  final SampledResults results;
  final CudaLogits rows;

  /** The inputs are on the device. */
  final CudaEvent uploaded;

  /** The last kernel has ended. */
  final CudaEvent computed;

  /** The results are on the host. */
  final CudaEvent done;

  private @Nullable ForwardBatch layout;

  StepSlot(CudaDevice device, ModelConfig config, EngineConfig options) {
    inputs = new StepUpload(device, StepBufferSize.bytes(config, options));
    results = new SampledResults(device, options.maxStepTokens());
    rows = new CudaLogits(device, config.vocabularySize());
    uploaded = new CudaEvent(device);
    computed = new CudaEvent(device);
    done = new CudaEvent(device);
  }

  static long deviceBytes(ModelConfig config, EngineConfig options) {
    return (long) StepBufferSize.bytes(config, options)
        + SampledResults.bytes(options.maxStepTokens());
  }

  /** The step in flight; null where there is none. */
  @Nullable ForwardBatch layout() {
    return layout;
  }

  /**
   * Takes another step.
   *
   * @throws IllegalStateException if the last one is in flight
   */
  void begin(ForwardBatch next) {
    if (layout != null) {
      throw new IllegalStateException("a third step while two are in flight");
    }
    layout = next;
    inputs.buffer.begin();
  }

  /** Waits until the step is done. Its results stay until the next one begins. */
  void await() {
    done.synchronize();
    layout = null;
  }

  @Override
  public void close() {
    inputs.close();
    results.close();
    rows.close();
    uploaded.close();
    computed.close();
    done.close();
  }
}
