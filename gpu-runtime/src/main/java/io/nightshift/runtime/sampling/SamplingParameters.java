package io.nightshift.runtime.sampling;

import java.util.List;

/**
 * How the tokens of one request are chosen and when to stop, with the meaning that Hugging Face
 * transformers and vLLM give the names.
 *
 * @param temperature 0 for greedy decoding
 * @param topK keep the k most probable tokens; 0 for all
 * @param topP keep the most probable tokens whose probabilities sum to at least p; 1 for all
 * @param minP keep tokens of at least this share of the most probable one's probability; 0 for all
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens in prompt or
 *     output (Keskar et al., 2019); 1 for none
 * @param seed of the request's own random numbers; the same seed and prompt give the same answer in
 *     any batch
 * @param maxTokens most output tokens; at least 1
 * @param stop strings that end the answer and are not part of it
 * @param ignoreEndOfSequence whether end-of-sequence tokens are ordinary ones (benchmarks)
 * @param logprobs whether to report each output token's log probability
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
    boolean logprobs) {

  public SamplingParameters {
    stop = List.copyOf(stop);
  }

  /** Greedy decoding of at most {@code maxTokens} tokens. */
  public static SamplingParameters greedy(int maxTokens) {
    return new SamplingParameters(0, 0, 1, 0, 1, 0, maxTokens, List.of(), false, false);
  }
}
