package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.kernels.SamplingKernels;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.StepInputs;

/**
 * Computes tokens, log-sum-exps and single logits from rows of logits on the device, so that only
 * these need to be copied to the host.
 */
final class DeviceSampling {
  private final int vocabularySize;
  private final SamplingKernels kernels;
  private final DeviceMatrix masks;

  /**
   * @param masks bit sets of the tokens that constrained rows may have
   * @throws DeviceException if the vocabulary is larger than the kernels take
   */
  DeviceSampling(KernelLibrary library, CudaStream stream, int vocabularySize, DeviceMatrix masks) {
    if (vocabularySize > SamplingKernels.MAX_VOCABULARY) {
      throw new DeviceException(
          "A vocabulary of %s tokens; the GPU's sampling kernels take %s, so use device cpu"
              .formatted(vocabularySize, SamplingKernels.MAX_VOCABULARY));
    }
    this.vocabularySize = vocabularySize;
    this.masks = masks;
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

  /**
   * Enqueues the sampling of one chunk of rows.
   *
   * @param logits f32 {@code [rows of the chunk][vocabulary]}
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
    kernels.sampleTokens(
        logits,
        chunk.parameters(),
        chunk.seenTokens(),
        masks,
        results.rows(chunk.firstRow(), chunk.rows()));
    if (chunk.wantsTopLogprobs()) {
      kernels.topLogprobs(
          logits, chunk.parameters(), results.topLogprobsOf(chunk.firstRow(), chunk.rows()));
    }
    int gathered = chunk.gathered().rowCount();
    if (gathered > 0) {
      kernels.gatherLogits(
          logits, chunk.gathered(), results.gatheredLogits(chunk.firstGathered(), gathered));
    }
  }
}
