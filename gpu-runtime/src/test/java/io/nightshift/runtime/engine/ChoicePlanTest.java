package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.engine.ChoiceTree.ScoredNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChoicePlanTest {

  private static ChoicePlan plan(boolean normalizeByLength, int maxNodes, int[]... tokens) {
    List<String> texts = Arrays.stream(tokens).map(Arrays::toString).toList();
    return ChoicePlan.of(new Choices(texts, List.of(tokens), normalizeByLength), maxNodes);
  }

  private static int[] tokens(int... tokens) {
    return tokens;
  }

  @Test
  void singleTokensNeedOnlyTheirColumnsAfterThePrompt() {
    ChoiceTree tree = plan(false, 9, tokens(5), tokens(3), tokens(4)).trees().get(0);

    assertThat(tree.tokens().size()).isZero();
    assertThat(tree.scoredNodes()).hasSize(1);
    ScoredNode root = tree.scoredNodes().get(0);
    assertThat(root.node()).isEqualTo(-1);
    assertThat(root.tokens()).containsExactlyInAnyOrder(3, 4, 5);
  }

  @Test
  void nodesBehindThePartingNeedTheWholeVocabulary() {
    ChoiceTree tree = plan(false, 9, tokens(1, 2), tokens(1, 3), tokens(4)).trees().get(0);

    assertThat(tree.tokens().tokens()).containsExactly(1);
    assertThat(tree.tokens().parents()).containsExactly(-1);
    assertThat(tree.scoredNodes()).extracting(ScoredNode::normalized).containsExactly(false, true);
  }

  @Test
  void tokensThatAllChoicesBeginWithNeedNoLogits() {
    ChoiceTree tree = plan(false, 9, tokens(8, 9, 1), tokens(8, 9, 2, 3)).trees().get(0);

    assertThat(tree.tokens().tokens()).containsExactly(8, 9, 2);
    assertThat(tree.tokens().parents()).containsExactly(-1, 0, 1);
    assertThat(tree.scoredNodes()).extracting(ScoredNode::node).containsExactly(1, 2);
    assertThat(tree.scoredNodes()).extracting(ScoredNode::normalized).containsExactly(false, true);
    assertThat(tree.tokens().logitsRows()).isEqualTo(2);
  }

  @Test
  void nothingCancelsBetweenDifferentLengthsNormalizedByLength() {
    ChoiceTree tree = plan(true, 9, tokens(8, 1), tokens(8, 2, 3)).trees().get(0);
    assertThat(tree.scoredNodes()).extracting(ScoredNode::normalized).containsOnly(true);
    assertThat(tree.scoredNodes()).hasSize(3);
  }

  @Test
  void equalLengthsNormalizedByLengthCancelAsWithout() {
    ChoiceTree tree = plan(true, 9, tokens(8, 1), tokens(8, 2)).trees().get(0);
    assertThat(tree.scoredNodes()).extracting(ScoredNode::normalized).containsExactly(false);
  }

  @Test
  void everyChoiceIsInOneTreeOfTheAllowedSize() {
    int[][] tokens =
        IntStream.range(0, 60)
            .mapToObj(i -> tokens(i * 7 % 10, i * 7 % 60, i, i))
            .toArray(int[][]::new);

    ChoicePlan plan = plan(false, 7, tokens);

    assertThat(plan.largestTree()).isBetween(3, 7);
    assertThat(plan.trees().stream().flatMap(tree -> tree.paths().stream()))
        .extracting(ChoiceTree.Path::index)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 60).boxed().toList());
  }

  @Test
  void probabilitiesSumToOneForTheSmallestOfNumbers() {
    ChoicePlan plan = plan(false, 9, tokens(1), tokens(2));
    assertThat(plan.probabilities(new double[] {-5000, -5000})).containsExactly(0.5, 0.5);
  }
}
