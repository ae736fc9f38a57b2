package io.nightshift.job.pipeline;

import io.nightshift.operators.plan.PromptSharing;

/**
 * What need not be computed of a plan's rows, if they are answered in planned order.
 *
 * @param sharedTokens prompt tokens that are computed for another row
 * @param sharedAnswers rows that have the answer of another row
 */
record ExpectedWork(long sharedTokens, long sharedAnswers) {

  /**
   * @param sharing of the rows' prompts
   * @param sharesPrefixes whether a prompt is computed from the prefix that it shares
   * @param sharesAnswers whether rows with the same prompt share one answer
   */
  static ExpectedWork of(PromptSharing sharing, boolean sharesPrefixes, boolean sharesAnswers) {
    long sharedAnswers = sharesAnswers ? sharing.duplicateRows() : 0;
    if (sharesPrefixes) {
      // Of a prompt that is computed already, the last token is computed for its own answer.
      long lastTokens = sharing.duplicateRows() - sharedAnswers;
      return new ExpectedWork(sharing.sharedTokens() - lastTokens, sharedAnswers);
    }
    return new ExpectedWork(sharesAnswers ? sharing.duplicateTokens() : 0, sharedAnswers);
  }
}
