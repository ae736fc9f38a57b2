package io.nightshift.runtime.engine;

/**
 * Reasoning that stands between two marks at the beginning of the output; the answer follows. A
 * prompt that ends with the start mark, as some chat templates do, has begun the reasoning already.
 *
 * @param start begins the reasoning
 * @param end ends it
 * @param maxTokens maximum number of tokens between the marks, after which the end mark is appended
 *     and the model continues with the answer; 0 for no limit
 */
public record MarkedReasoning(ReasoningMark start, ReasoningMark end, int maxTokens)
    implements Reasoning {

  @Override
  public int longestEnd() {
    return end.tokens().length;
  }
}
