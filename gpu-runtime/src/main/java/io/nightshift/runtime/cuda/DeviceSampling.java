package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.kernels.KernelLaunch;
import java.util.Map;

/**
 * Makes tokens, log-sum-exps and single logits of the rows of logits where they lie, and brings
 * only these to the host.
 */
final class DeviceSampling implements AutoCloseable {
  /** Results of a row beside its gathered logits: token, log probability, log-sum-exp. */
  private static final int RESULTS = 3;

  private final int vocabularySize;
  private final int maxRows;
  private final CudaStream stream;
  private final DeviceMemory seenTokens;
  private final DeviceMemory results;
  private final PinnedMemory hostResults;
  private final KernelArguments arguments = new KernelArguments();
  private final CudaKernel sampleTokens;
  private final CudaKernel gatherLogits;
  private final CudaKernel markTokens;

  DeviceSampling(
      KernelLibrary library, CudaStream stream, int vocabularySize, CudaRunnerOptions options) {
    this.vocabularySize = vocabularySize;
    this.stream = stream;
    maxRows = options.maxStepTokens();
    KernelSource source = KernelSource.resource("sampling", Map.of("LOGITS_F32", 1));
    sampleTokens = library.kernel(source, "sample_tokens");
    gatherLogits = library.kernel(source, "gather_logits");
    markTokens = library.kernel(source, "mark_tokens");
    CudaDevice device = stream.device();
    seenTokens =
        new DeviceMemory(
            device, "tokens for the repetition penalty", seenBytes(vocabularySize, options));
    results = new DeviceMemory(device, "sampled tokens", resultBytes(maxRows));
    hostResults = new PinnedMemory(device, resultBytes(maxRows));
  }

  /** Device memory that this takes. */
  static long bytes(int vocabularySize, CudaRunnerOptions options) {
    return seenBytes(vocabularySize, options) + resultBytes(options.maxStepTokens());
  }

  private static long seenBytes(int vocabularySize, CudaRunnerOptions options) {
    return (long) StepArena.logitsRows(options) * words(vocabularySize) * Integer.BYTES;
  }

  private static int words(int vocabularySize) {
    return (vocabularySize + Integer.SIZE - 1) / Integer.SIZE;
  }

  private static int resultBytes(int rows) {
    return (RESULTS * rows + SamplingInputs.MAX_CELLS) * Integer.BYTES;
  }

  /**
   * Puts the sampling of one chunk of rows into the stream.
   *
   * @param logits address of the chunk's first row
   */
  void run(SamplingInputs.DeviceChunk chunk, long logits) {
    if (chunk.penalizedCount() > 0) {
      stream.fill(seenTokens.address(), 0, seenTokens.bytes());
      markTokens.launch(
          stream,
          forItems("mark_tokens", chunk.penalizedCount()),
          arguments
              .begin()
              .address(seenTokens.address())
              .integer(words(vocabularySize))
              .address(chunk.penalized())
              .integer(chunk.penalizedCount()));
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
            .address(seenTokens.address())
            .address(noMask)
            .address(result(0, chunk.firstRow()))
            .address(result(1, chunk.firstRow()))
            .address(result(2, chunk.firstRow())));
    if (chunk.gatheredCount() > 0) {
      gatherLogits.launch(
          stream,
          forItems("gather_logits", chunk.gatheredCount()),
          arguments
              .begin()
              .address(logits)
              .address(vocabularySize)
              .address(chunk.gathered())
              .address(result(RESULTS, chunk.firstGathered()))
              .integer(chunk.gatheredCount()));
    }
  }

  /** Address of a row's result, or of a gathered logit behind the results of all rows. */
  private long result(int kind, int index) {
    return results.address() + ((long) kind * maxRows + index) * Integer.BYTES;
  }

  /** Puts the copy of all results into the stream. */
  void copyResults(int gathered) {
    long bytes = ((long) RESULTS * maxRows + gathered) * Integer.BYTES;
    stream.copyToHost(results.address(), hostResults, 0, bytes);
  }

  /** The token of a kept row; negative where its logits are no distribution. */
  int token(int row) {
    return hostResults.buffer().getInt(row * Integer.BYTES);
  }

  float logProbability(int row) {
    return hostResults.buffer().getFloat((maxRows + row) * Integer.BYTES);
  }

  float logSumExp(int row) {
    return hostResults.buffer().getFloat((2 * maxRows + row) * Integer.BYTES);
  }

  float gathered(int index) {
    return hostResults.buffer().getFloat((RESULTS * maxRows + index) * Integer.BYTES);
  }

  private static KernelLaunch forItems(String kernel, int count) {
    return KernelLaunch.of(kernel, (count + 255) / 256, 256);
  }

  @Override
  public void close() {
    seenTokens.close();
    results.close();
    hostResults.close();
    arguments.close();
  }
}
