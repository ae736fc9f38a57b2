package io.nightshift.operators.tokenize;

import java.util.Arrays;

/**
 * The sort key of the plan: the prompt's token ids, then the row's origin. Lexicographic order of
 * token ids is the depth-first order of the prefix tree over all prompts, so that neighbors share
 * the longest prefix. The origin makes the order total, so that the same input gives the same plan.
 *
 * @param tokens token ids of the prompt; empty for a row that has none because of an error
 * @param sourceFile file the row was read from
 * @param sourceRow number of the row in that file, from 0
 */
public record PromptKey(int[] tokens, String sourceFile, long sourceRow)
    implements Comparable<PromptKey> {

  @Override
  public int compareTo(PromptKey other) {
    int order = Arrays.compare(tokens, other.tokens);
    if (order == 0) {
      order = sourceFile.compareTo(other.sourceFile);
    }
    return order != 0 ? order : Long.compare(sourceRow, other.sourceRow);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof PromptKey other && compareTo(other) == 0;
  }

  @Override
  public int hashCode() {
    return (Arrays.hashCode(tokens) * 31 + sourceFile.hashCode()) * 31 + Long.hashCode(sourceRow);
  }

  @Override
  public String toString() {
    return sourceFile + "#" + sourceRow + " (" + tokens.length + " tokens)";
  }
}
