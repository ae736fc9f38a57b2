package io.nightshift.runtime.tokenizer;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Marks what would read as a control token in row text.
 *
 * <p>The mark is one noncharacter, set where it breaks the control token: behind its first
 * character. A control token of a single character is escaped, as are marks and escapes that the
 * text has itself. All of this is local, so that a template may join, trim and (within reason) cut
 * the texts.
 */
final class TextProtection {

  // Noncharacters are for use inside of a program (Unicode, section 23.7), and no whitespace.
  private static final char MARK = '\uFDD0';
  private static final char ESCAPE = '\uFDD1';
  private static final char FIRST_ESCAPE_CODE = '0';

  private final TokenTrie controlTokens;
  private final int[] escaped;
  private final Set<String> beginnings = new HashSet<>();
  private final Set<String> ends = new HashSet<>();
  private final int longest;

  TextProtection(List<AddedToken> addedTokens) {
    List<String> contents =
        addedTokens.stream().filter(AddedToken::special).map(AddedToken::content).toList();
    controlTokens = new TokenTrie(addedTokens.stream().filter(AddedToken::special).toList());
    escaped =
        IntStream.concat(
                IntStream.of(MARK, ESCAPE),
                contents.stream()
                    .filter(content -> content.codePointCount(0, content.length()) == 1)
                    .mapToInt(content -> content.codePointAt(0)))
            .toArray();
    for (String content : contents) {
      for (int i = 1; i < content.length(); i++) {
        beginnings.add(content.substring(0, i));
        ends.add(content.substring(i));
      }
    }
    longest = contents.stream().mapToInt(String::length).max().orElse(0);
  }

  String protect(String text) {
    // Templates trim; the edges are what that leaves.
    int from = 0;
    while (from < text.length() && isTrimmed(text.charAt(from))) {
      from++;
    }
    int to = text.length();
    while (to > from && isTrimmed(text.charAt(to - 1))) {
      to--;
    }
    StringBuilder marked = new StringBuilder(text.length() + 8);
    for (int i = 0, next; i < text.length(); i = next) {
      int c = text.codePointAt(i);
      next = i + Character.charCount(c);
      if (i == from && beginsLikeAnEnd(text, from, to)) {
        marked.append(MARK);
      }
      int code = escapeCode(c);
      if (code >= 0) {
        marked.append(ESCAPE).append((char) (FIRST_ESCAPE_CODE + code));
      } else {
        marked.appendCodePoint(c);
        if (controlTokens.longestAt(text, i) != null || endsLikeABeginning(text, i, to)) {
          marked.append(MARK);
        }
      }
    }
    return marked.length() == text.length() ? text : marked.toString();
  }

  /** The text of a segment of a rendered prompt, without what {@link #protect} has put in. */
  String unprotect(String segment) {
    if (segment.indexOf(MARK) < 0 && segment.indexOf(ESCAPE) < 0) {
      return segment;
    }
    StringBuilder text = new StringBuilder(segment.length());
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      int code = i + 1 < segment.length() ? segment.charAt(i + 1) - FIRST_ESCAPE_CODE : -1;
      if (c == ESCAPE && code >= 0 && code < escaped.length) {
        text.appendCodePoint(escaped[code]);
        i++;
      } else if (c != MARK) {
        text.append(c);
      }
    }
    return text.toString();
  }

  private int escapeCode(int c) {
    for (int code = 0; code < escaped.length; code++) {
      if (escaped[code] == c) {
        return code;
      }
    }
    return -1;
  }

  private boolean endsLikeABeginning(String text, int from, int to) {
    return from < to && to - from < longest && beginnings.contains(text.substring(from, to));
  }

  private boolean beginsLikeAnEnd(String text, int from, int to) {
    for (int end = from + 1; end <= to && end - from < longest; end++) {
      if (ends.contains(text.substring(from, end))) {
        return true;
      }
    }
    return false;
  }

  /** Whatever Jinja's {@code trim} (Python's {@code strip}) or Java's would take away. */
  private static boolean isTrimmed(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }
}
