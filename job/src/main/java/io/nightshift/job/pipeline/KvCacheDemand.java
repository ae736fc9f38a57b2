package io.nightshift.job.pipeline;

/** How large a KV cache the rows of a plan want, so that it does not limit the engine's speed. */
final class KvCacheDemand {
  /**
   * Tokens of a step that is limited by computing, not by reading the weights: an H200 multiplies a
   * weight with about 200 tokens in the time in which it reads it, in bf16 as in fp8.
   */
  private static final int FULL_STEP = 512;

  private KvCacheDemand() {}

  /**
   * Tokens of the KV cache of one engine. In steps of T tokens, each of which is computed for an
   * answer that is being generated or for a prompt, an engine of rows with p prompt tokens and o
   * output tokens has T o / (p + o) rows running, with p + o tokens each: T o tokens, whatever the
   * prompts' length. Besides, it holds the prompts of the step that is computed, and a prefix that
   * all rows share, which is no longer than the longest row.
   *
   * @param promptTokens of all rows, shared prefixes counted once
   * @param answers that are computed
   * @param outputTokens expected tokens of an answer
   * @param longestPrompt tokens of the longest prompt
   * @param stepTokens maximum number of tokens of a step
   */
  static long tokens(
      long promptTokens, long answers, int outputTokens, int longestPrompt, int stepTokens) {
    long longestRow = (long) longestPrompt + outputTokens;
    long allRows = promptTokens + answers * outputTokens;
    long running = (long) FULL_STEP * outputTokens;
    return longestRow + Math.min(allRows, Math.min(promptTokens, stepTokens) + running);
  }
}
