package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.cuda.kernels.KernelLaunch;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.StepInputs;
import java.util.Map;

/**
 * Makes tokens, log-sum-exps and single logits of the rows of logits where they lie, so that only
 * these need to go to the host.
 */
final class DeviceSampling implements AutoCloseable {
  /** Token ids that sampling.cu's keys have room for. */
  private static final int MAX_VOCABULARY = 1 << 20;

  private final int vocabularySize;
  private final CudaStream stream;
  private final KernelArguments arguments = new KernelArguments();
  private final CudaKernel sampleTokens;
  private final CudaKernel gatherLogits;
  private final CudaKernel markTokens;
  private final CudaKernel fillInTokens;

  /**
   * @throws DeviceException if the vocabulary is larger than the kernels take
   */
  DeviceSampling(KernelLibrary library, CudaStream stream, int vocabularySize) {
    if (vocabularySize > MAX_VOCABULARY) {
      throw new DeviceException(
          "A vocabulary of %s tokens; the GPU's sampling kernels take %s, so use device cpu"
              .formatted(vocabularySize, MAX_VOCABULARY));
    }
    this.vocabularySize = vocabularySize;
    this.stream = stream;
    KernelSource source = KernelSource.resource("sampling", Map.of("LOGITS_F32", 1));
    sampleTokens = library.kernel(source, "sample_tokens");
    gatherLogits = library.kernel(source, "gather_logits");
    markTokens = library.kernel(source, "mark_tokens");
    fillInTokens = library.kernel(source, "fill_in_tokens");
  }

  /**
   * Puts the tokens that the step before has sampled into a list which names their rows.
   *
   * @param tokens address of the first token id
   * @param stride from one token id to the next, in ints
   */
  void fillIn(long tokens, int stride, int count, SampledResults before) {
    fillInTokens.launch(
        stream,
        forItems("fill_in_tokens", count),
        arguments.begin().address(tokens).integer(stride).integer(count).address(before.tokens(0)));
  }

  /**
   * Puts the sampling of one chunk of rows into the stream.
   *
   * @param logits address of the chunk's first row
   * @param before results of the step before, whose tokens the chunk may name as penalised
   */
  void run(
      SamplingInputs.DeviceChunk chunk,
      long logits,
      SampledResults results,
      SampledResults before) {
    if (chunk.unknownCount() > 0) {
      fillIn(chunk.unknown() + Integer.BYTES, 2, chunk.unknownCount(), before);
      markTokens.launch(
          stream,
          forItems("mark_tokens", chunk.unknownCount()),
          arguments
              .begin()
              .address(chunk.seenTokens())
              .integer(StepInputs.ofSeenTokens(vocabularySize))
              .address(chunk.unknown())
              .integer(chunk.unknownCount()));
    }
    long noMask = 0;
    sampleTokens.launch(
        stream,
        KernelLaunch.of("sample_tokens", chunk.rows(), 1024),
        arguments
            .begin()
            .address(logits)
            .address(vocabularySize)
            .integer(vocabularySize)
            .address(chunk.parameters())
            .address(chunk.seenTokens())
            .address(noMask)
            .address(results.tokens(chunk.firstRow()))
            .address(results.logProbabilities(chunk.firstRow()))
            .address(results.logSumExps(chunk.firstRow())));
    if (chunk.gatheredCount() > 0) {
      gatherLogits.launch(
          stream,
          forItems("gather_logits", chunk.gatheredCount()),
          arguments
              .begin()
              .address(logits)
              .address(vocabularySize)
              .address(chunk.gathered())
              .address(results.gatheredLogits(chunk.firstGathered()))
              .integer(chunk.gatheredCount()));
    }
  }

  private static KernelLaunch forItems(String kernel, int count) {
    return KernelLaunch.of(kernel, (count + 255) / 256, 256);
  }

  @Override
  public void close() {
    arguments.close();
  }
}
