package io.nightshift.runtime.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the choices of a request are scored: as one tree, or, if that has more nodes than fit into a
 * step, as several trees in several steps. Each of these steps computes the last token of the
 * prompt again.
 *
 * @param choices the choices
 * @param trees trees of the choices; each choice is in exactly one
 * @param largestTree number of nodes of the largest tree
 * @param longestChoice number of tokens of the longest choice
 */
record ChoicePlan(Choices choices, List<ChoiceTree> trees, int largestTree, int longestChoice) {

  /**
   * Plans the given choices.
   *
   * @param maxNodes maximum number of nodes of a tree. A choice with more tokens has a tree of its
   *     own, which is too large
   */
  static ChoicePlan of(Choices choices, int maxNodes) {
    List<int[]> tokens = choices.tokens();
    int common = commonTokens(choices);
    // Sorted by their tokens, choices with a common prefix are in the same tree.
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

  /**
   * Number of leading tokens that all choices share and whose scores cancel; -1 if nothing cancels.
   */
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
   * Returns the probabilities of the choices, in the order of the request.
   *
   * @param logProbabilities log probability of each choice, up to a term that is the same for all
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
