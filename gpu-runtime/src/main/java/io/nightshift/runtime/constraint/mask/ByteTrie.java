package io.nightshift.runtime.constraint.mask;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A trie of the bytes of tokens, as arrays in preorder: the nodes below a node are those up to its
 * end. Node 0 is the root. Tokens without bytes are left out.
 */
final class ByteTrie {
  private final byte[] values;
  private final int[] ends;
  private final short[] depths;
  // The tokens that end at a node: tokens[firstTokens[node]] to tokens[firstTokens[node + 1] - 1].
  private final int[] firstTokens;
  private final int[] tokens;
  private final int maxDepth;

  /**
   * @param bytes the bytes of each token
   */
  ByteTrie(byte[][] bytes) {
    int[] sorted =
        IntStream.range(0, bytes.length)
            .filter(token -> bytes[token].length > 0)
            .boxed()
            .sorted(
                Comparator.<Integer, byte[]>comparing(
                    token -> bytes[token], Arrays::compareUnsigned))
            .mapToInt(Integer::intValue)
            .toArray();
    int longest = 0;
    int nodes = 1;
    byte[] previous = {};
    for (int token : sorted) {
      byte[] current = bytes[token];
      longest = Math.max(longest, current.length);
      nodes += current.length - common(previous, current);
      previous = current;
    }
    values = new byte[nodes];
    ends = new int[nodes];
    depths = new short[nodes];
    firstTokens = new int[nodes + 1];
    tokens = sorted;
    maxDepth = longest;
    fill(bytes);
  }

  private void fill(byte[][] bytes) {
    int[] path = new int[maxDepth + 1];
    int depth = 0;
    int node = 0;
    byte[] previous = {};
    for (int i = 0; i < tokens.length; i++) {
      byte[] current = bytes[tokens[i]];
      int shared = common(previous, current);
      for (; depth > shared; depth--) {
        ends[path[depth]] = node + 1;
      }
      while (depth < current.length) {
        node++;
        values[node] = current[depth];
        depth++;
        depths[node] = (short) depth;
        path[depth] = node;
        firstTokens[node] = i;
      }
      previous = current;
    }
    for (; depth >= 0; depth--) {
      ends[path[depth]] = node + 1;
    }
    firstTokens[node + 1] = tokens.length;
  }

  private static int common(byte[] a, byte[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }

  int nodes() {
    return values.length;
  }

  /** The byte that leads to a node. */
  int value(int node) {
    return values[node] & 0xFF;
  }

  /** The first node after those below a node. */
  int end(int node) {
    return ends[node];
  }

  int depth(int node) {
    return depths[node];
  }

  int maxDepth() {
    return maxDepth;
  }

  int firstToken(int node) {
    return firstTokens[node];
  }

  /** The end of the tokens of a node. */
  int afterTokens(int node) {
    return firstTokens[node + 1];
  }

  /** A token by its place among those of all nodes. */
  int token(int index) {
    return tokens[index];
  }

  /** Adds the tokens of a node to a bit set. */
  void addTokens(int node, long[] words) {
    for (int i = firstTokens[node]; i < firstTokens[node + 1]; i++) {
      words[tokens[i] >> 6] |= 1L << tokens[i];
    }
  }

  /** Removes the tokens of a node and of those below it from a bit set. */
  void removeTokensBelow(int node, long[] words) {
    for (int i = firstTokens[node]; i < firstTokens[ends[node]]; i++) {
      words[tokens[i] >> 6] &= ~(1L << tokens[i]);
    }
  }

  boolean hasTokens(int node) {
    return firstTokens[node] < firstTokens[node + 1];
  }

  /** The node after a byte; -1 if there is none. */
  int child(int node, int value) {
    for (int child = node + 1; child < ends[node]; child = ends[child]) {
      int found = values[child] & 0xFF;
      if (found >= value) {
        return found == value ? child : -1;
      }
    }
    return -1;
  }
}
