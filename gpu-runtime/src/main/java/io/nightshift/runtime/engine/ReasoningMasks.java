package io.nightshift.runtime.engine;

import io.nightshift.runtime.constraint.mask.TokenMask;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may be sampled before a constrained answer. Shared by the requests of an engine, so that the
 * same masks are the same objects.
 */
final class ReasoningMasks {
  private final TokenMask reasoning;
  private @Nullable TokenMask lastAnswer;
  private int lastStart;
  private @Nullable TokenMask lastBeginning;

  /**
   * @param endTokens end-of-sequence tokens of the model
   */
  ReasoningMasks(int vocabularySize, Set<Integer> endTokens) {
    long[] words = new long[(vocabularySize + Long.SIZE - 1) / Long.SIZE];
    for (int token = 0; token < vocabularySize; token++) {
      if (!endTokens.contains(token)) {
        words[token / Long.SIZE] |= 1L << token;
      }
    }
    reasoning = new TokenMask(words);
  }

  /** All tokens but those that end the output: an answer follows the reasoning. Thread-safe. */
  TokenMask reasoning() {
    return reasoning;
  }

  /**
   * The tokens that an answer may begin with, and the one that begins reasoning. Not thread-safe:
   * called when requests are added.
   */
  TokenMask beginning(TokenMask answer, int start) {
    TokenMask known = lastBeginning;
    if (known != null && answer == lastAnswer && start == lastStart) {
      return known;
    }
    long[] words = answer.words();
    long[] more = Arrays.copyOf(words, Math.max(words.length, start / Long.SIZE + 1));
    more[start / Long.SIZE] |= 1L << start;
    TokenMask beginning = new TokenMask(more);
    lastAnswer = answer;
    lastStart = start;
    lastBeginning = beginning;
    return beginning;
  }
}
