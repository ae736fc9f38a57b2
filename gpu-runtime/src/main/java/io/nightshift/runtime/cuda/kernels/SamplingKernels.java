package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.Map;

/** The kernels of {@code sampling.cu}: from f32 logits to tokens. */
public final class SamplingKernels {
  /** Maximum vocabulary: the token ids that the kernels' sort keys hold. */
  public static final int MAX_VOCABULARY = 1 << 20;

  private static final int SAMPLING_THREADS = 1024;
  private static final int THREADS = 256;

  private final CudaStream stream;
  private final KernelArguments arguments;
  private final CudaKernel sampleTokens;
  private final CudaKernel topLogprobs;
  private final CudaKernel gatherLogits;
  private final CudaKernel markTokens;
  private final CudaKernel fillInTokens;

  public SamplingKernels(KernelLibrary library, CudaStream stream) {
    this.stream = stream;
    arguments = library.arguments();
    KernelSource source = KernelSource.resource("sampling", Map.of("LOGITS_F32", 1));
    sampleTokens = library.kernel(source, "sample_tokens");
    topLogprobs = library.kernel(source, "top_logprobs");
    gatherLogits = library.kernel(source, "gather_logits");
    markTokens = library.kernel(source, "mark_tokens");
    fillInTokens = library.kernel(source, "fill_in_tokens");
  }

  /**
   * The results of {@link #sampleTokens}, one for each row.
   *
   * @param tokens ints; -1 for logits that are no distribution
   * @param logProbabilities f32
   * @param logSumExps f32
   */
  public record Samples(
      DeviceVector tokens, DeviceVector logProbabilities, DeviceVector logSumExps) {}

  /**
   * Samples a token of each row.
   *
   * @param logits {@code [rows][vocabulary]}
   * @param parameters {@code [rows][64 bytes]}, as {@link SamplingRows} writes them
   * @param seenTokens bit sets of the tokens to penalize
   * @param allowedTokens bit sets of the tokens that constrained rows may have
   */
  public void sampleTokens(
      DeviceMatrix logits,
      DeviceMatrix parameters,
      DeviceMatrix seenTokens,
      DeviceMatrix allowedTokens,
      Samples samples) {
    sampleTokens.launch(
        stream,
        KernelLaunch.of("sample_tokens", parameters.rowCount(), SAMPLING_THREADS),
        arguments
            .begin()
            .buffer(logits)
            .address(logits.columns())
            .integer(logits.columns())
            .buffer(parameters)
            .buffer(seenTokens)
            .buffer(allowedTokens)
            .buffer(samples.tokens())
            .buffer(samples.logProbabilities())
            .buffer(samples.logSumExps()));
  }

  /**
   * Finds the most probable tokens of each row that wants some.
   *
   * @param logits {@code [rows][vocabulary]}
   * @param parameters {@code [rows][64 bytes]}, as {@link SamplingRows} writes them
   * @param top {@code [rows][}{@link SamplingParameters#MAX_TOP_LOGPROBS}{@code ][2]}: token, int,
   *     and its log probability, f32
   */
  public void topLogprobs(DeviceMatrix logits, DeviceMatrix parameters, DeviceVector top) {
    topLogprobs.launch(
        stream,
        KernelLaunch.of("top_logprobs", parameters.rowCount(), SAMPLING_THREADS),
        arguments
            .begin()
            .buffer(logits)
            .address(logits.columns())
            .integer(logits.columns())
            .buffer(parameters)
            .buffer(top));
  }

  /**
   * Gathers single logits.
   *
   * @param cells ints {@code [cells][2]}: row and column of each logit
   * @param target f32, one for each cell
   */
  public void gatherLogits(DeviceMatrix logits, DeviceMatrix cells, DeviceVector target) {
    gatherLogits.launch(
        stream,
        KernelLaunch.forItems("gather_logits", cells.rows(), THREADS),
        arguments
            .begin()
            .buffer(logits)
            .address(logits.columns())
            .buffer(cells)
            .buffer(target)
            .integer(cells.rowCount()));
  }

  /**
   * Adds tokens to bit sets.
   *
   * @param words ints of a bit set
   * @param cells ints {@code [cells][2]}: bit set and token
   */
  public void markTokens(DeviceMatrix seenTokens, int words, DeviceMatrix cells) {
    markTokens.launch(
        stream,
        KernelLaunch.forItems("mark_tokens", cells.rows(), THREADS),
        arguments
            .begin()
            .buffer(seenTokens)
            .integer(words)
            .buffer(cells)
            .integer(cells.rowCount()));
  }

  /**
   * Puts sampled tokens into a list that names them by their rows, as {@code -1 - row}.
   *
   * @param lists ints {@code [count][columns]}, whose last column is the list
   * @param sampled the tokens, an int for each row
   */
  public void fillInTokens(DeviceMatrix lists, DeviceVector sampled) {
    int stride = lists.columns();
    fillInTokens.launch(
        stream,
        KernelLaunch.forItems("fill_in_tokens", lists.rows(), THREADS),
        arguments
            .begin()
            .address(lists.address() + (stride - 1L) * lists.type().bytes())
            .integer(stride)
            .integer(lists.rowCount())
            .buffer(sampled));
  }
}
