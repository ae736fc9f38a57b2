package io.nightshift.runtime.constraint.mask;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.grammar.StringAlternative;
import io.nightshift.runtime.constraint.matcher.ByteAutomaton;
import io.nightshift.runtime.constraint.matcher.Configuration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What tokens are in a JSON string where all characters may follow: most of them remain inside of
 * it whatever comes after the string, so that only those with a closing quotation mark need be
 * looked at there.
 */
final class StringTokens {
  // By number of characters that begin in the token.
  private final List<int[]> insideByLength = new ArrayList<>();
  private final long[] inside;
  private final List<byte[]> endings;
  private final List<byte[]> endingsByLength;
  private final ByteTrie closing;
  // By token: number of characters before the closing quotation mark.
  private final int[] closingLengths;
  private final int longest;

  private record Ending(Configuration at, int characters) {}

  StringTokens(byte[][] bytes) {
    ByteAutomaton automaton =
        ByteAutomaton.json(
            () -> List.of(new StringAlternative(CodePointLanguages.all(), 0, Integer.MAX_VALUE)),
            false,
            0);
    Configuration begin = automaton.next(automaton.start(), '"');
    inside = new long[(bytes.length + 63) >> 6];
    closingLengths = new int[bytes.length];
    byte[][] rests = new byte[bytes.length][];
    Arrays.fill(rests, new byte[0]);
    Map<Configuration, byte[]> byEnding = new HashMap<>();
    Map<Ending, byte[]> byEndingAndLength = new HashMap<>();
    List<List<Integer>> byLength = new ArrayList<>();
    int most = 0;
    for (int token = 0; token < bytes.length; token++) {
      Configuration at = begin;
      int characters = 0;
      int i = 0;
      for (; i < bytes[token].length && !at.isDead() && !automaton.isComplete(at); i++) {
        boolean between = at == begin;
        at = automaton.next(at, bytes[token][i] & 0xFF);
        if (between && !at.isDead() && !automaton.isComplete(at)) {
          characters++;
        }
      }
      if (i == 0 || at.isDead()) {
        continue;
      }
      most = Math.max(most, characters);
      if (automaton.isComplete(at)) {
        rests[token] = Arrays.copyOfRange(bytes[token], i - 1, bytes[token].length);
        closingLengths[token] = characters;
      } else {
        inside[token >> 6] |= 1L << token;
        byEnding.putIfAbsent(at, bytes[token]);
        byEndingAndLength.putIfAbsent(new Ending(at, characters), bytes[token]);
        while (byLength.size() <= characters) {
          byLength.add(new ArrayList<>());
        }
        byLength.get(characters).add(token);
      }
    }
    for (List<Integer> tokens : byLength) {
      insideByLength.add(tokens.stream().mapToInt(Integer::intValue).toArray());
    }
    endings = List.copyOf(byEnding.values());
    endingsByLength = List.copyOf(byEndingAndLength.values());
    closing = new ByteTrie(rests);
    longest = most;
  }

  /** Number of characters that begin in a token, at most. */
  int longest() {
    return longest;
  }

  /** The tokens that remain in the string. A bit set, not to be modified. */
  long[] inside() {
    return inside;
  }

  /** Adds the tokens in which at most some number of characters begin, and remain in the string. */
  void addInside(long[] words, int most) {
    for (int length = 0; length <= most && length < insideByLength.size(); length++) {
      for (int token : insideByLength.get(length)) {
        words[token >> 6] |= 1L << token;
      }
    }
  }

  /** Tokens that remain in the string: one for each place where such tokens end. */
  List<byte[]> endings() {
    return endings;
  }

  /** Tokens that remain in the string: one for each such place and number of characters. */
  List<byte[]> endingsByLength() {
    return endingsByLength;
  }

  /** The tokens that close the string, without the bytes before the closing quotation mark. */
  ByteTrie closing() {
    return closing;
  }

  /** Number of characters in a token before the closing quotation mark. */
  int closingLength(int token) {
    return closingLengths[token];
  }
}
