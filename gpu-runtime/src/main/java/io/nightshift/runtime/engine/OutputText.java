package io.nightshift.runtime.engine;

import java.util.Arrays;
import java.util.List;

/**
 * The growing text of an answer, searched for stop strings as it grows. Takes time linear in the
 * number of tokens: each token is decoded with a few neighbours only, since what it adds to the
 * text may depend on the one before it (a leading space) and on those after it (the rest of a UTF-8
 * character). Where there are no stop strings, nothing is decoded before the end.
 */
final class OutputText {

  private static final char REPLACEMENT = '\uFFFD';

  /** Tokens after which a trailing replacement character is no unfinished UTF-8 character. */
  private static final int LONGEST_CHARACTER = 4;

  private final Detokenizer detokenizer;
  private final List<String> stops;
  private final int longestStop;
  private final StringBuilder text = new StringBuilder();
  private int[] tokens = new int[16];
  private int length;

  /** Tokens from here on are decoded together; those before {@link #read} only as context. */
  private int window;

  /** Tokens before this one are in {@link #text}. */
  private int read;

  private boolean stopped;

  OutputText(Detokenizer detokenizer, List<String> stops) {
    this.detokenizer = detokenizer;
    this.stops = stops;
    this.longestStop = stops.stream().mapToInt(String::length).max().orElse(0);
  }

  /** Adds a token; returns whether a stop string has appeared, which ends the text before it. */
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

  /** The text of all tokens, or up to the stop string. No more tokens may be added. */
  String finish() {
    return stopped ? text.toString() : decode(0, length);
  }

  private void cutAtStop(int searchFrom) {
    int cut = -1;
    for (String stop : stops) {
      int at = text.indexOf(stop, searchFrom);
      if (at >= 0 && (cut < 0 || at < cut)) {
        cut = at;
      }
    }
    if (cut >= 0) {
      text.setLength(cut);
      stopped = true;
    }
  }

  private String decode(int from, int to) {
    return from == to ? "" : detokenizer.decode(Arrays.copyOfRange(tokens, from, to));
  }
}
