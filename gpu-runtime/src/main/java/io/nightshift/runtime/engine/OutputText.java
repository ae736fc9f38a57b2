package io.nightshift.runtime.engine;

import java.util.Arrays;
import java.util.List;

/**
 * The text of an answer, searched for stop strings while it grows. Takes linear time in the number
 * of tokens: each token is decoded with a few neighbors only. Neighbors matter because the text of
 * a token may depend on the previous one (a leading space) and on the following ones (the rest of a
 * UTF-8 character). Without stop strings, nothing is decoded before the end.
 */
final class OutputText {

  private static final char REPLACEMENT = '\uFFFD';

  /**
   * Number of tokens after which a trailing replacement character is not an incomplete UTF-8
   * character.
   */
  private static final int LONGEST_CHARACTER = 4;

  private final Detokenizer detokenizer;
  private final List<String> stops;
  private final int longestStop;
  private final StringBuilder text = new StringBuilder();
  private int[] tokens = new int[16];
  private int length;

  /** First token that is decoded; tokens from here to {@link #read} are decoded as context only. */
  private int window;

  /** First token that is not yet in {@link #text}. */
  private int read;

  private boolean stopped;
  private String afterStop = "";

  OutputText(Detokenizer detokenizer, List<String> stops) {
    this.detokenizer = detokenizer;
    this.stops = stops;
    this.longestStop = stops.stream().mapToInt(String::length).max().orElse(0);
  }

  /**
   * The first of some tokens, as many as it takes until a stop string appears once they are
   * appended; all of them if none appears.
   */
  int[] untilStop(int[] next) {
    OutputText copy = new OutputText(detokenizer, stops);
    copy.text.append(text);
    copy.tokens = tokens.clone();
    copy.length = length;
    copy.window = window;
    copy.read = read;
    for (int i = 0; i < next.length; i++) {
      if (copy.append(next[i])) {
        return Arrays.copyOf(next, i + 1);
      }
    }
    return next;
  }

  /** Whether no token has been appended. */
  boolean isEmpty() {
    return length == 0;
  }

  /** Appends a token. Returns whether a stop string has appeared; the text ends before it. */
  boolean append(int token) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * length);
    }
    tokens[length++] = token;
    if (!stops.isEmpty()) {
      extend(decode(window, length));
    }
    return stopped;
  }

  private void extend(String decoded) {
    boolean unfinished =
        !decoded.isEmpty()
            && decoded.charAt(decoded.length() - 1) == REPLACEMENT
            && length - read < LONGEST_CHARACTER;
    if (unfinished) {
      return;
    }
    int known = decode(window, read).length();
    int searchFrom = Math.max(0, text.length() - longestStop + 1);
    text.append(decoded, Math.min(known, decoded.length()), decoded.length());
    window = read;
    read = length;
    cutAtStop(searchFrom);
  }

  /**
   * Returns the text of all tokens, or the text before the stop string. No more tokens may be
   * appended.
   */
  String finish() {
    return stopped ? text.toString() : decode(0, length);
  }

  /** What follows the stop string in the text of the tokens that complete it. */
  String afterStop() {
    return afterStop;
  }

  private void cutAtStop(int searchFrom) {
    int cut = -1;
    int end = -1;
    for (String stop : stops) {
      int at = text.indexOf(stop, searchFrom);
      if (at >= 0 && (cut < 0 || at < cut)) {
        cut = at;
        end = at + stop.length();
      }
    }
    if (cut >= 0) {
      afterStop = text.substring(end);
      text.setLength(cut);
      stopped = true;
    }
  }

  private String decode(int from, int to) {
    return from == to ? "" : detokenizer.decode(Arrays.copyOfRange(tokens, from, to));
  }
}
