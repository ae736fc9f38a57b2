package io.nightshift.runtime.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the choices of a request are scored: as one tree, or where that has more nodes than a step
 * takes, as several trees in several steps, of which each computes the prompt's last token again.
 *
 * @param choices the choices
 * @param trees each choice is in exactly one
 * @param largestTree nodes of the largest tree
 * @param longestChoice tokens of the longest choice
 */
record ChoicePlan(Choices choices, List<ChoiceTree> trees, int largestTree, int longestChoice) {

  /**
   * Plans the given choices.
   *
   * @param maxNodes most nodes of a tree; a choice with more tokens gets a tree of its own, which
   *     is too large
   */
  static ChoicePlan of(Choices choices, int maxNodes) {
    List<int[]> tokens = choices.tokens();
    int common = commonTokens(choices);
    // In the order of their tokens, choices with a common beginning come into the same tree.
    List<Integer> sorted =
        IntStream.range(0, tokens.size())
            .boxed()
            .sorted(Comparator.comparing(tokens::get, Arrays::compare))
            .toList();
    List<ChoiceTree> trees = new ArrayList<>();
    ChoiceTreeBuilder builder = new ChoiceTreeBuilder(common);
    for (int index : sorted) {
      if (!builder.isEmpty() && builder.sizeWith(tokens.get(index)) > maxNodes) {
        trees.add(builder.build());
        builder = new ChoiceTreeBuilder(common);
      }
      builder.add(index, tokens.get(index));
    }
    trees.add(builder.build());
    return new ChoicePlan(
        choices,
        List.copyOf(trees),
        trees.stream().mapToInt(tree -> tree.tokens().size()).max().orElse(0),
        tokens.stream().mapToInt(choice -> choice.length).max().orElse(0));
  }

  /** Leading tokens that all choices share and whose scores cancel; -1 where none cancel. */
  private static int commonTokens(Choices choices) {
    List<int[]> tokens = choices.tokens();
    boolean equallyLong = tokens.stream().mapToInt(choice -> choice.length).distinct().count() <= 1;
    if (choices.normalizeByLength() && !equallyLong) {
      return -1;
    }
    int[] first = tokens.get(0);
    int common = first.length;
    for (int[] choice : tokens.subList(1, tokens.size())) {
      int mismatch = Arrays.mismatch(first, choice);
      common = Math.min(common, mismatch < 0 ? first.length : mismatch);
    }
    return common;
  }

  /**
   * Probabilities of the choices, in the user's order, from the log probability of each, up to what
   * all have in common.
   */
  double[] probabilities(double[] logProbabilities) {
    double[] scores = logProbabilities.clone();
    if (choices.normalizeByLength()) {
      for (int i = 0; i < scores.length; i++) {
        scores[i] /= choices.tokens().get(i).length;
      }
    }
    double max = Arrays.stream(scores).max().orElse(0);
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.exp(scores[i] - max);
      sum += scores[i];
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] /= sum;
    }
    return scores;
  }
}
