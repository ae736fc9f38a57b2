package io.nightshift.runtime.engine;

import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.constraint.TokenMatcher;
import io.nightshift.runtime.constraint.mask.TokenMask;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The answer is one of some token sequences. */
final class TokenSequences implements Constraint {
  private final int vocabularySize;
  private final Set<Integer> endTokens;
  private final Node root = new Node();
  private final Map<Set<Integer>, TokenMask> masks = new ConcurrentHashMap<>();

  private static final class Node {
    private final Map<Integer, Node> children = new TreeMap<>();
    private boolean isEnd;
    private int shortestEnd = Integer.MAX_VALUE;
  }

  TokenSequences(int vocabularySize, Set<Integer> endTokens, List<int[]> sequences) {
    this.vocabularySize = vocabularySize;
    this.endTokens = endTokens;
    for (int[] sequence : sequences) {
      Node node = root;
      for (int i = 0; i < sequence.length; i++) {
        node.shortestEnd = Math.min(node.shortestEnd, sequence.length - i);
        node = node.children.computeIfAbsent(sequence[i], token -> new Node());
      }
      node.isEnd = true;
      node.shortestEnd = 0;
    }
  }

  /** Whether the tokens are one of the sequences. */
  boolean allows(int[] tokens) {
    @Nullable Node node = root;
    for (int i = 0; node != null && i < tokens.length; i++) {
      node = node.children.get(tokens[i]);
    }
    return node != null && node.isEnd;
  }

  @Override
  public TokenMatcher matcher() {
    return new Matcher();
  }

  @Override
  public int shortestTokens() {
    return matcher().shortestEnd();
  }

  private static TokenMask maskOf(int vocabularySize, Set<Integer> tokens) {
    return new TokenMask(words(vocabularySize, tokens.stream().mapToInt(Integer::intValue)));
  }

  /** The words of a mask of some tokens. */
  static long[] words(int vocabularySize, IntStream tokens) {
    long[] words = new long[(vocabularySize + Long.SIZE - 1) / Long.SIZE];
    tokens.forEach(token -> words[token / Long.SIZE] |= 1L << token);
    return words;
  }

  private final class Matcher implements TokenMatcher {
    private Node node = root;
    private boolean isCutShort;

    @Override
    public TokenMask mask(int remaining) {
      check(remaining);
      Map<Integer, Node> allowed = new HashMap<>(childrenWithin(node, remaining));
      if (node.isEnd) {
        endTokens.forEach(token -> allowed.put(token, root));
      }
      return masks.computeIfAbsent(allowed.keySet(), tokens -> maskOf(vocabularySize, tokens));
    }

    private void check(int remaining) {
      if (remaining < 1 || remaining < node.shortestEnd) {
        throw new AssertionError(
            "%s tokens remain where the answer needs %s".formatted(remaining, node.shortestEnd));
      }
    }

    private Map<Integer, Node> childrenWithin(Node parent, int remaining) {
      Map<Integer, Node> within = new TreeMap<>(parent.children);
      within.values().removeIf(child -> child.shortestEnd > remaining - 1);
      isCutShort |= within.size() < parent.children.size();
      return within;
    }

    @Override
    public int[] forced(int remaining) {
      check(remaining);
      IntStream.Builder tokens = IntStream.builder();
      Node end = node;
      for (int left = remaining; left > 0 && !end.isEnd; left--) {
        Map<Integer, Node> next = childrenWithin(end, left);
        if (next.size() > 1) {
          break;
        }
        Map.Entry<Integer, Node> only = next.entrySet().iterator().next();
        tokens.add(only.getKey());
        end = only.getValue();
      }
      return tokens.build().toArray();
    }

    @Override
    public void accept(int token) {
      Node next = node.children.get(token);
      if (next == null) {
        throw new IllegalArgumentException("token " + token + " is not allowed here");
      }
      node = next;
    }

    @Override
    public boolean isComplete() {
      return node.children.isEmpty();
    }

    @Override
    public int shortestEnd() {
      return node.shortestEnd;
    }

    @Override
    public boolean isCutShort() {
      return isCutShort;
    }

    @Override
    public @Nullable EnumeratedField enumeratedField() {
      return null;
    }
  }
}
