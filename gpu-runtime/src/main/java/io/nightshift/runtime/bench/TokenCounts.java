package io.nightshift.runtime.bench;

import java.util.Arrays;
import java.util.List;

/**
 * Tokens of some rows.
 *
 * @param prompt of all prompts
 * @param output to be generated
 * @param required tokens that a model must compute for them once what prompts share at their
 *     beginning is computed once: the prompts' different prefixes, and all output tokens but each
 *     row's last
 */
record TokenCounts(long prompt, long output, long required) {

  static TokenCounts of(List<Workload.Row> rows) {
    long prompt = 0;
    long output = 0;
    long required = 0;
    int[] previous = {};
    for (Workload.Row row : WorkloadOrder.SORTED.apply(rows)) {
      prompt += row.promptTokens().length;
      output += row.outputTokens();
      required += row.promptTokens().length - shared(previous, row.promptTokens());
      required += Math.max(0, row.outputTokens() - 1);
      previous = row.promptTokens();
    }
    return new TokenCounts(prompt, output, required);
  }

  private static int shared(int[] first, int[] second) {
    int mismatch = Arrays.mismatch(first, second);
    return mismatch < 0 ? second.length : mismatch;
  }
}
