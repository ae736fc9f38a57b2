package io.nightshift.runtime.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Divides the tokens of an answer, while it grows, into reasoning and the answer proper; without
 * marks, all are the answer. Stop strings are searched in the answer proper only.
 */
final class ReasoningParser {

  /** What the next token belongs to. */
  enum Part {
    /** The reasoning may begin: there was nothing but whitespace, or a part of the start mark. */
    BEGINNING,
    REASONING,
    ANSWER
  }

  /** Tokens of whitespace after a start mark that prompts are searched for. */
  private static final int MAX_WHITESPACE = 8;

  private final Detokenizer detokenizer;
  private final @Nullable Reasoning marks;
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
   * @param prompt token ids of the prompt
   * @param stops strings that end the answer
   * @param exact whether the answer has all tokens that follow the reasoning, and only these, with
   *     whitespace at their beginning. Without reasoning, the first token begins it
   */
  ReasoningParser(
      Detokenizer detokenizer,
      Optional<Reasoning> marks,
      int[] prompt,
      List<String> stops,
      boolean exact) {
    this.detokenizer = detokenizer;
    this.marks = marks.orElse(null);
    this.exact = exact;
    this.answer = new OutputText(detokenizer, stops);
    this.reasoning =
        new OutputText(
            detokenizer,
            marks.map(Reasoning::end).filter(end -> !end.isToken()).stream()
                .map(ReasoningMark::text)
                .toList());
    if (this.marks == null) {
      part = Part.ANSWER;
    } else if (endsWithStart(prompt, this.marks.start())) {
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

  /** Appends a token. Returns whether a stop string has appeared in the answer. */
  boolean append(int token) {
    if (marks == null || part == Part.ANSWER) {
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

  Part part() {
    return part;
  }

  /** Whether the reasoning has as many tokens as it may have, and must end here. */
  boolean isAtLimit() {
    return marks != null
        && part == Part.REASONING
        && marks.maxTokens() > 0
        && reasoningTokens >= marks.maxTokens();
  }

  /** The token that begins the reasoning; -1 without marks, or if the mark is not a token. */
  int startToken() {
    return marks == null || !marks.start().isToken() ? -1 : marks.start().tokens()[0];
  }

  /** Tokens that end the reasoning; none without marks. */
  int[] endMark() {
    return marks == null ? new int[0] : marks.end().tokens();
  }

  /** The reasoning without whitespace around it; null if there was none. */
  @Nullable String finishReasoning() {
    return reasoned ? (reasoningStart + reasoning.finish()).strip() : null;
  }

  /**
   * The answer, without whitespace between it and the reasoning unless it is exact; empty if the
   * reasoning has not ended. No more tokens may be appended.
   */
  String finishAnswer() {
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
