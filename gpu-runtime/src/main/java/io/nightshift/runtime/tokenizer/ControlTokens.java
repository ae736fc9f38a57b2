package io.nightshift.runtime.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Splits a rendered prompt at its control tokens, by the rules of Hugging Face's {@code
 * AddedVocabulary}: leftmost longest match, flags for surrounding whitespace and word boundaries.
 *
 * <p>Control tokens are matched in the original text. Their {@code normalized} flag, which is rare,
 * is ignored: with a normalizer that prepends a space, most occurrences would not match.
 */
final class ControlTokens {

  /**
   * A piece of a prompt.
   *
   * @param token the control token, or null if the piece is a segment of text
   */
  record Piece(@Nullable AddedToken token, int start, int end) {}

  // The character classes of Rust's regular expressions.
  private static final Predicate<String> SPACE =
      Pattern.compile("\\s", Pattern.UNICODE_CHARACTER_CLASS).asMatchPredicate();
  private static final Predicate<String> WORD =
      Pattern.compile("\\w", Pattern.UNICODE_CHARACTER_CLASS).asMatchPredicate();

  private final TokenTrie trie;

  ControlTokens(List<AddedToken> addedTokens) {
    // Other added tokens are matched too, since they can overlap a control token and take
    // precedence.
    trie =
        new TokenTrie(
            addedTokens.stream().filter(token -> token.special() || !token.normalized()).toList());
  }

  /** The pieces of the prompt in order. None is empty; together they cover the prompt. */
  List<Piece> split(RenderedPrompt rendered) {
    String prompt = rendered.text();
    List<Piece> pieces = new ArrayList<>();
    int segmentStart = 0;
    int matchedUpTo = 0;
    for (int range = 0; range < rendered.ranges(); range++) {
      int position = Math.max(matchedUpTo, rendered.rangeStart(range));
      while (position < rendered.rangeEnd(range)) {
        AddedToken token = trie.longestAt(prompt, position, rendered.rangeEnd(range));
        if (token == null) {
          position++;
          continue;
        }
        int start = position;
        int end = position + token.content().length();
        position = end;
        if (token.singleWord() && touchesWord(prompt, start, end)) {
          continue;
        }
        while (token.leftStrip() && start > matchedUpTo && isSpace(prompt, start - 1)) {
          start--;
        }
        while (token.rightStrip() && end < prompt.length() && isSpace(prompt, end)) {
          end++;
        }
        position = end;
        matchedUpTo = end;
        if (token.special()) {
          if (start > segmentStart) {
            pieces.add(new Piece(null, segmentStart, start));
          }
          pieces.add(new Piece(token, start, end));
          segmentStart = end;
        }
      }
    }
    if (segmentStart < prompt.length()) {
      pieces.add(new Piece(null, segmentStart, prompt.length()));
    }
    return pieces;
  }

  private static boolean isSpace(String text, int index) {
    return SPACE.test(text.substring(index, index + 1));
  }

  private static boolean touchesWord(String text, int start, int end) {
    return (start > 0 && WORD.test(Character.toString(text.codePointBefore(start))))
        || (end < text.length() && WORD.test(Character.toString(text.codePointAt(end))));
  }
}
