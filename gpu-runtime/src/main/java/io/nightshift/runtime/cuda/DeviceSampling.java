package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.kernels.SamplingKernels;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.StepInputs;
import org.jspecify.annotations.Nullable;

/**
 * Computes tokens, log-sum-exps and single logits from rows of logits on the device, so that only
 * these need to be copied to the host.
 */
final class DeviceSampling {
  private final int vocabularySize;
  private final SamplingKernels kernels;
  private final DeviceMatrix masks;
  private final @Nullable LogitsExchange exchange;

  /**
   * @param masks bit sets of the tokens that constrained rows may have
   * @param exchange with the ranks that have the other columns of the logits; null if there are
   *     none
   * @throws DeviceException if the vocabulary is larger than the kernels take
   */
  DeviceSampling(
      KernelLibrary library,
      CudaStream stream,
      int vocabularySize,
      DeviceMatrix masks,
      @Nullable LogitsExchange exchange) {
    if (vocabularySize > SamplingKernels.MAX_VOCABULARY) {
      throw new DeviceException(
          "A vocabulary of %s tokens; the GPU's sampling kernels take %s, so use device cpu"
              .formatted(vocabularySize, SamplingKernels.MAX_VOCABULARY));
    }
    this.vocabularySize = vocabularySize;
    this.masks = masks;
    this.exchange = exchange;
    kernels = new SamplingKernels(library, stream);
  }

  /**
   * Replaces the ids of tokens that the step before samples, which are named by their rows there.
   *
   * @param ids ints
   * @param before results of the step before
   */
  void fillIn(DeviceVector ids, SampledResults before) {
    kernels.fillInTokens(ids.asRows(1), before.tokens());
  }

  /** Starts the sampling of a step. */
  void begin() {
    if (exchange != null) {
      exchange.begin();
    }
  }

  /**
   * Enqueues the sampling of one chunk of rows.
   *
   * @param logits f32 {@code [rows of the chunk][vocabulary]}, or this rank's columns of them
   * @param before results of the step before, whose tokens the chunk may penalize
   */
  void run(
      SamplingInputs.DeviceChunk chunk,
      DeviceMatrix logits,
      SampledResults results,
      SampledResults before) {
    if (chunk.unknown().rows() > 0) {
      kernels.fillInTokens(chunk.unknown(), before.tokens());
      kernels.markTokens(
          chunk.seenTokens(), StepInputs.ofSeenTokens(vocabularySize), chunk.unknown());
    }
    int gathered = chunk.gathered().rowCount();
    DeviceVector gatheredLogits = results.gatheredLogits(chunk.firstGathered(), gathered);
    if (exchange != null) {
      exchange.sample(chunk, logits, gatheredLogits, results, this::sample);
    } else {
      sample(chunk, 0, logits, results);
      if (gathered > 0) {
        kernels.gatherLogits(logits, chunk.gathered(), gatheredLogits);
      }
    }
  }

  /**
   * Samples from some rows of a chunk.
   *
   * @param first the first row, in the chunk
   * @param logits f32 {@code [rows][vocabulary]}
   */
  private void sample(
      SamplingInputs.DeviceChunk chunk, int first, DeviceMatrix logits, SampledResults results) {
    DeviceMatrix parameters = chunk.parameters().rows(first, logits.rows());
    int firstRow = chunk.firstRow() + first;
    kernels.sampleTokens(
        logits, parameters, chunk.seenTokens(), masks, results.rows(firstRow, logits.rowCount()));
    if (chunk.wantsTopLogprobs()) {
      kernels.topLogprobs(logits, parameters, results.topLogprobsOf(firstRow, logits.rowCount()));
    }
  }
}
