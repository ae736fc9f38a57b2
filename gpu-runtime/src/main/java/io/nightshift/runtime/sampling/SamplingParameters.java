package io.nightshift.runtime.sampling;

import java.io.Serializable;
import java.util.List;

/**
 * Sampling parameters and stop conditions of a request. Names and meaning are those of Hugging Face
 * transformers and vLLM. {@link Sampler} documents the order in which they apply.
 *
 * @param temperature 0 for greedy decoding
 * @param topK keeps the k most probable tokens, of equally probable ones those with the lowest ids;
 *     0 keeps all
 * @param topP keeps the most probable tokens whose probabilities sum to at least p; 1 keeps all
 * @param minP keeps tokens whose probability is at least this fraction of the highest; 0 keeps all
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens in the prompt
 *     or output (Keskar et al., "CTRL", 2019); 1 for none
 * @param seed seed of the request's random numbers; the same seed and prompt give the same answer
 *     in any batch
 * @param maxTokens maximum number of output tokens; at least 1
 * @param stop strings that end the answer and are not part of it; none is empty
 * @param ignoreEndOfSequence whether generation continues after end-of-sequence tokens, for
 *     benchmarks
 * @param logprobs whether to report each output token's log probability
 * @param topLogprobs number of the most probable tokens that are reported at each position with
 *     their log probabilities; 0 to {@link #MAX_TOP_LOGPROBS}
 */
public record SamplingParameters(
    double temperature,
    int topK,
    double topP,
    double minP,
    double repetitionPenalty,
    long seed,
    int maxTokens,
    List<String> stop,
    boolean ignoreEndOfSequence,
    boolean logprobs,
    int topLogprobs)
    implements Serializable {

  /** Maximum of {@link #topLogprobs}. */
  public static final int MAX_TOP_LOGPROBS = 20;

  /** Parameters without the most probable tokens at each position. */
  public SamplingParameters(
      double temperature,
      int topK,
      double topP,
      double minP,
      double repetitionPenalty,
      long seed,
      int maxTokens,
      List<String> stop,
      boolean ignoreEndOfSequence,
      boolean logprobs) {
    this(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        seed,
        maxTokens,
        stop,
        ignoreEndOfSequence,
        logprobs,
        0);
  }

  /**
   * Validates the parameters.
   *
   * @throws IllegalArgumentException if a parameter is out of range
   */
  public SamplingParameters {
    stop = List.copyOf(stop);
    require(
        temperature >= 0 && temperature <= Double.MAX_VALUE,
        "temperature",
        temperature,
        "0 or more");
    require(topK >= 0, "top-k", topK, "0 (all) or more");
    require(topP > 0 && topP <= 1, "top-p", topP, "more than 0, and at most 1");
    require(minP >= 0 && minP <= 1, "min-p", minP, "from 0 to 1");
    require(
        repetitionPenalty > 0 && repetitionPenalty <= Double.MAX_VALUE,
        "repetition penalty",
        repetitionPenalty,
        "more than 0");
    require(maxTokens >= 1, "max tokens", maxTokens, "1 or more");
    require(
        stop.stream().noneMatch(String::isEmpty),
        "stop",
        "a list with an empty string",
        "non-empty strings");
    require(
        topLogprobs >= 0 && topLogprobs <= (logprobs ? MAX_TOP_LOGPROBS : 0),
        "top logprobs",
        topLogprobs,
        logprobs ? "from 0 to " + MAX_TOP_LOGPROBS : "0 without logprobs");
  }

  private static void require(boolean condition, String name, Object value, String range) {
    if (!condition) {
      throw new IllegalArgumentException("%s is %s, must be %s".formatted(name, value, range));
    }
  }

  /** Greedy decoding of at most {@code maxTokens} tokens. */
  public static SamplingParameters greedy(int maxTokens) {
    return new SamplingParameters(0, 0, 1, 0, 1, 0, maxTokens, List.of(), false, false);
  }

  /** These parameters, reporting log probabilities and the most probable tokens. */
  public SamplingParameters withTopLogprobs(int count) {
    return new SamplingParameters(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        seed,
        maxTokens,
        stop,
        ignoreEndOfSequence,
        true,
        count);
  }

  /** These parameters with another temperature. */
  public SamplingParameters withTemperature(double newTemperature) {
    return new SamplingParameters(
        newTemperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        seed,
        maxTokens,
        stop,
        ignoreEndOfSequence,
        logprobs,
        topLogprobs);
  }

  /** These parameters with another seed. */
  public SamplingParameters withSeed(long newSeed) {
    return new SamplingParameters(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        newSeed,
        maxTokens,
        stop,
        ignoreEndOfSequence,
        logprobs,
        topLogprobs);
  }
}
