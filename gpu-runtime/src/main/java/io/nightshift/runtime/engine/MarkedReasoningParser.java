package io.nightshift.runtime.engine;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Divides an output by the marks around its reasoning. The answer has no whitespace between it and
 * the reasoning unless it is exact.
 */
final class MarkedReasoningParser implements ReasoningParser {

  /** Tokens of whitespace after a start mark that prompts are searched for. */
  private static final int MAX_WHITESPACE = 8;

  private final Detokenizer detokenizer;
  private final MarkedReasoning marks;
  private final boolean exact;
  private final OutputText answer;
  private final OutputText reasoning;
  private Part part = Part.BEGINNING;
  private boolean reasoned;
  private int reasoningTokens;
  private int[] beginning = {};

  /** What follows a mark in the text of its last token. */
  private String reasoningStart = "";

  private String answerStart = "";

  /**
   * @param exact see {@link ReasoningParser#of}
   */
  MarkedReasoningParser(
      Detokenizer detokenizer,
      MarkedReasoning marks,
      int[] prompt,
      OutputText answer,
      boolean exact) {
    this.detokenizer = detokenizer;
    this.marks = marks;
    this.answer = answer;
    this.exact = exact;
    this.reasoning =
        new OutputText(
            detokenizer, marks.end().isToken() ? List.of() : List.of(marks.end().text()));
    if (endsWithStart(prompt, marks.start())) {
      beginReasoning("");
    }
  }

  private boolean endsWithStart(int[] prompt, ReasoningMark start) {
    int from = Math.max(0, prompt.length - MAX_WHITESPACE - start.tokens().length);
    if (!start.isToken()) {
      String end = detokenizer.decode(Arrays.copyOfRange(prompt, from, prompt.length));
      return end.stripTrailing().endsWith(start.text());
    }
    for (int i = prompt.length - 1; i >= from; i--) {
      if (start.is(prompt[i])) {
        return true;
      }
      String text = detokenizer.decode(new int[] {prompt[i]});
      if (text.isEmpty() || !text.isBlank()) {
        return false; // Other control tokens have no text.
      }
    }
    return false;
  }

  @Override
  public boolean append(int token) {
    if (part == Part.ANSWER) {
      return answer.append(token);
    }
    if (part == Part.BEGINNING) {
      return appendToBeginning(token, marks.start());
    }
    reasoningTokens++;
    if (marks.end().is(token)) {
      part = Part.ANSWER;
    } else if (reasoning.append(token)) {
      part = Part.ANSWER;
      answerStart = reasoning.afterStop();
    }
    return false;
  }

  private boolean appendToBeginning(int token, ReasoningMark start) {
    if (start.is(token)) {
      beginReasoning("");
      return false;
    }
    beginning = Arrays.copyOf(beginning, beginning.length + 1);
    beginning[beginning.length - 1] = token;
    String text = detokenizer.decode(beginning).stripLeading();
    if (!start.isToken() && text.startsWith(start.text())) {
      beginReasoning(text.substring(start.text().length()));
      return false;
    }
    boolean mayBegin =
        !exact && (text.isEmpty() || (!start.isToken() && start.text().startsWith(text)));
    return !mayBegin && beginAnswer();
  }

  private void beginReasoning(String rest) {
    part = Part.REASONING;
    reasoned = true;
    reasoningStart = rest;
  }

  /** Without reasoning, the beginning is part of the answer. */
  private boolean beginAnswer() {
    part = Part.ANSWER;
    for (int token : beginning) {
      if (answer.append(token)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Part part() {
    return part;
  }

  @Override
  public boolean isAtLimit() {
    return part == Part.REASONING && marks.maxTokens() > 0 && reasoningTokens >= marks.maxTokens();
  }

  @Override
  public int startToken() {
    return marks.start().isToken() ? marks.start().tokens()[0] : -1;
  }

  /** What the reasoning ends with may be the beginning of the mark already. */
  @Override
  public int[] endMark() {
    return reasoning.untilStop(marks.end().tokens());
  }

  @Override
  public int longestEnd() {
    return marks.longestEnd();
  }

  @Override
  public @Nullable String finishReasoning() {
    return reasoned ? (reasoningStart + reasoning.finish()).strip() : null;
  }

  @Override
  public String finishAnswer() {
    if (part == Part.BEGINNING) {
      beginAnswer();
    }
    if (!reasoned) {
      return answer.finish();
    }
    if (part != Part.ANSWER) {
      return "";
    }
    return exact ? answer.finish() : (answerStart + answer.finish()).stripLeading();
  }
}
