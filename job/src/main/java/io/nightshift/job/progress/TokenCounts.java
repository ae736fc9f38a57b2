package io.nightshift.job.progress;

/**
 * Tokens that went through the engines.
 *
 * @param prompt tokens of the prompts
 * @param cached those of them that were found in the prefix cache
 * @param output tokens generated
 */
public record TokenCounts(long prompt, long cached, long output) {
  public static final TokenCounts NONE = new TokenCounts(0, 0, 0);

  /** Prompt and output tokens. */
  public long total() {
    return prompt + output;
  }
}
