package io.nightshift.runtime.engine;

import org.jspecify.annotations.Nullable;

/** An output that is all answer. */
final class AnswerParser implements ReasoningParser {
  private final OutputText answer;

  AnswerParser(OutputText answer) {
    this.answer = answer;
  }

  @Override
  public boolean append(int token) {
    return answer.append(token);
  }

  @Override
  public Part part() {
    return Part.ANSWER;
  }

  @Override
  public boolean isAtLimit() {
    return false;
  }

  @Override
  public int startToken() {
    return -1;
  }

  @Override
  public int[] endMark() {
    return new int[0];
  }

  @Override
  public int longestEnd() {
    return 0;
  }

  @Override
  public @Nullable String finishReasoning() {
    return null;
  }

  @Override
  public String finishAnswer() {
    return answer.finish();
  }
}
