package io.nightshift.runtime.engine;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Divides the tokens of an output, while it grows, into reasoning and the answer proper. Stop
 * strings are searched in the answer proper only.
 */
interface ReasoningParser {

  /** What the next token belongs to. */
  enum Part {
    /** The reasoning may begin: there was nothing but whitespace, or a part of the start mark. */
    BEGINNING,
    /** The reasoning, or what stands around it. */
    REASONING,
    ANSWER
  }

  /**
   * A parser for one output.
   *
   * @param reasoning how reasoning is told from the answer; without it, all is the answer
   * @param prompt token ids of the prompt
   * @param stops strings that end the answer
   * @param exact whether the answer has all tokens that follow the reasoning, and only these, with
   *     whitespace at their beginning. Without reasoning, the first token begins it
   */
  static ReasoningParser of(
      Detokenizer detokenizer,
      Optional<Reasoning> reasoning,
      int[] prompt,
      List<String> stops,
      boolean exact) {
    OutputText answer = new OutputText(detokenizer, stops);
    if (reasoning.isEmpty()) {
      return new AnswerParser(answer);
    }
    return reasoning.get() instanceof HarmonyReasoning harmony
        ? new HarmonyParser(detokenizer, harmony, prompt, answer)
        : new MarkedReasoningParser(
            detokenizer, (MarkedReasoning) reasoning.get(), prompt, answer, exact);
  }

  /** Appends a token. Returns whether the answer has ended, as with a stop string. */
  boolean append(int token);

  Part part();

  /** Whether the reasoning has as many tokens as it may have, and must end here. */
  boolean isAtLimit();

  /** The token that begins the reasoning; -1 if no single token does. */
  int startToken();

  /** Tokens that end the reasoning here and begin the answer; none if there is no reasoning. */
  int[] endMark();

  /** Maximum number of tokens that {@link #endMark} may have from here on. */
  int longestEnd();

  /** The reasoning without whitespace around it; null if there was none. */
  @Nullable String finishReasoning();

  /** The answer; empty if the reasoning has not ended. No more tokens may be appended. */
  String finishAnswer();
}
