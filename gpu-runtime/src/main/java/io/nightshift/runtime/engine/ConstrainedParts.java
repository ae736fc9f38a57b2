package io.nightshift.runtime.engine;

import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.engine.ReasoningParser.Part;

/**
 * Applies a constraint to the part of an output that is the answer. The reasoning before it is
 * free, but ends in time: its end mark and the shortest answer always have room.
 */
final class ConstrainedParts {
  private final ReasoningParser text;
  private final ConstrainedAnswer answer;
  private final int shortestAnswer;
  private final ReasoningMasks masks;
  private boolean isReasoningCutShort;

  /**
   * @param shortestAnswer number of tokens of the shortest answer
   */
  ConstrainedParts(
      ReasoningParser text, ConstrainedAnswer answer, int shortestAnswer, ReasoningMasks masks) {
    this.text = text;
    this.answer = answer;
    this.shortestAnswer = shortestAnswer;
    this.masks = masks;
  }

  /** Whether there is no reasoning to begin, or a token begins it. */
  boolean mayBegin() {
    return text.part() != Part.BEGINNING || text.startToken() >= 0;
  }

  /**
   * Advances by a sampled token that is not an end-of-sequence token.
   *
   * @param remaining maximum number of tokens after it
   */
  void accept(int token, int remaining) {
    boolean reasons = text.part() == Part.REASONING;
    text.append(token);
    if (!reasons && text.part() == Part.ANSWER) {
      answer.accept(token, remaining);
    } else {
      findNext(remaining);
    }
  }

  /**
   * Finds the tokens that may come next.
   *
   * @param remaining maximum number of tokens from here
   */
  void findNext(int remaining) {
    switch (text.part()) {
      case BEGINNING -> {
        TokenMask first = answer.first(remaining);
        answer.allow(lacksRoom(remaining) ? first : masks.beginning(first, text.startToken()));
      }
      case REASONING -> {
        if (mustEndReasoning(remaining)) {
          isReasoningCutShort = lacksRoom(remaining);
          answer.findNext(remaining - text.endMark().length);
        } else {
          answer.allow(masks.reasoning());
        }
      }
      case ANSWER -> answer.findNext(remaining);
    }
  }

  /** Whether the end mark must follow here, and then the answer. */
  boolean mustEndReasoning(int remaining) {
    return text.part() == Part.REASONING && (text.isAtLimit() || lacksRoom(remaining));
  }

  /** Whether the longest end mark and the shortest answer would not fit behind one more token. */
  private boolean lacksRoom(int remaining) {
    return remaining <= text.longestEnd() + shortestAnswer;
  }

  /** Why the output has ended, unless it has run out of tokens. */
  FinishReason finishReason() {
    return isReasoningCutShort ? FinishReason.LENGTH : answer.finishReason();
  }
}
