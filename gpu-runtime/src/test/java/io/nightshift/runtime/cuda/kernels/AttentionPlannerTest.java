package io.nightshift.runtime.cuda.kernels;

import static io.nightshift.runtime.cuda.kernels.PlannedAttention.tokensRead;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.runner.TokenRows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans of random steps, which {@link PlannedAttention} checks. */
class AttentionPlannerTest {
  private static final int BLOCK_SIZE = 8;
  private static final int BLOCKS = 4096;
  private static final int MOST_PARTIALS = 20_000;

  private final Random random = new Random(5);
  private final RandomAttentionSteps steps = new RandomAttentionSteps(random, BLOCK_SIZE, BLOCKS);
  private final PlannedAttention attention = new PlannedAttention(random, BLOCK_SIZE, BLOCKS);

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 7, 16, 40})
  void plansOfRandomStepsComputeAttention(int group) {
    for (int window : new int[] {0, 0, 5, 90, 700}) {
      check(steps.random(24), planner(group, window, MOST_PARTIALS), window);
    }
  }

  @Test
  void rowsOfTheLastLayerAreASubset() {
    List<StepSequence> sequences = steps.random(20);
    ForwardBatch batch = steps.batch(sequences);
    check(sequences, batch, batch.logitsRows(), planner(4, 0, MOST_PARTIALS), 0);
  }

  @Test
  void aLongContextOfOneRowIsSplit() {
    List<StepSequence> sequences = List.of(steps.sequence(List.of(), 4000, 1, null));
    AttentionPlan plan = check(sequences, planner(4, 0, MOST_PARTIALS), 0);
    assertThat(plan.pieceCount(0)).isEqualTo(4000 / 256 + 1);
    assertThat(plan.merges().count()).isEqualTo(1);
  }

  @Test
  void tallTilesThatKeepTheDeviceBusyAreNotSplit() {
    List<Integer> prefix = steps.take(64);
    List<StepSequence> sequences = new ArrayList<>();
    for (int i = 0; i < 48; i++) {
      sequences.add(steps.sequence(prefix, 512 + 128, 128, null));
    }
    AttentionShape shape = new AttentionShape(256, 2, false, true);
    AttentionPlanner planner = new AttentionPlanner(shape, 4, BLOCK_SIZE, 0, 64, MOST_PARTIALS);
    AttentionPlan plan = check(sequences, planner, 0);
    assertThat(plan.pieceCount(2)).isEqualTo(48 * 2);
    assertThat(plan.merges().count()).isZero();
  }

  @Test
  void noPlanNeedsMorePartialResultsThanThereIsRoomFor() {
    List<StepSequence> sequences = List.of(steps.sequence(List.of(), 4000, 1, null));
    AttentionPlan plan = check(sequences, planner(4, 0, 3), 0);
    assertThat(plan.merges().partials()).isEqualTo(3);
  }

  @Test
  void aSharedPrefixIsReadOnceForAllItsRows() {
    List<StepSequence> sequences = steps.sharing(100, 800 / BLOCK_SIZE);
    AttentionPlan plan = check(sequences, planner(4, 0, MOST_PARTIALS), 0);
    // 400 rows make three high tiles and a low one.
    assertThat(tokensRead(plan, 0)).isLessThan(100 * 41 + 800);
    assertThat(tokensRead(plan, 1) + tokensRead(plan, 2)).isEqualTo(3 * 800);
    // A piece for what each row has of its own, and four parts of the prefix.
    assertThat(plan.pieceCount(0)).isEqualTo(100 + 4);
  }

  @Test
  void fewRowsShareAPrefixInLowTiles() {
    AttentionPlan plan = check(questions(60, 4), planner(4, 0, MOST_PARTIALS), 0);
    assertThat(tokensRead(plan, 0)).isEqualTo(60 * (64 * BLOCK_SIZE + 1 + 2 + 3 + 4));
    assertThat(tokensRead(plan, 1) + tokensRead(plan, 2)).isZero();
  }

  @Test
  void twoLowTilesReadAnEightBitPrefixOfEightRows() {
    AttentionShape fp8 = new AttentionShape(64, 4, true, true);
    AttentionPlanner planner = new AttentionPlanner(fp8, 8, BLOCK_SIZE, 0, 132, MOST_PARTIALS);
    AttentionPlan plan = check(questions(30, 8), planner, 0);
    assertThat(tokensRead(plan, 0)).isEqualTo(30 * (2 * 64 * BLOCK_SIZE + 36));
    assertThat(tokensRead(plan, 1) + tokensRead(plan, 2)).isZero();
    AttentionPlan bf16 = check(questions(30, 8), planner(4, 0, MOST_PARTIALS), 0);
    assertThat(tokensRead(bf16, 1)).isEqualTo(30 * 64 * BLOCK_SIZE);
  }

  /** Rows that decode behind 512 tokens of a document, and have 1, 2, ... tokens of their own. */
  private List<StepSequence> questions(int documents, int rowsOfEach) {
    List<StepSequence> sequences = new ArrayList<>();
    for (int document = 0; document < documents; document++) {
      List<Integer> prefix = steps.take(64);
      for (int i = 0; i < rowsOfEach; i++) {
        sequences.add(steps.sequence(prefix, prefix.size() * BLOCK_SIZE + 1 + i, 1, null));
      }
    }
    return sequences;
  }

  @Test
  void prefixesHaveLevels() {
    List<Integer> common = steps.take(40);
    List<StepSequence> sequences = new ArrayList<>();
    for (int document = 0; document < 10; document++) {
      List<Integer> prefix = new ArrayList<>(common);
      prefix.addAll(steps.take(90));
      for (int i = 0; i < 10; i++) {
        sequences.add(steps.sequence(prefix, prefix.size() * BLOCK_SIZE + 1 + i, 1, null));
      }
    }
    Collections.shuffle(sequences, random);
    AttentionPlan plan = check(sequences, planner(4, 0, MOST_PARTIALS), 0);
    assertThat(tokensRead(plan, 1) + tokensRead(plan, 2))
        .isEqualTo(3 * 40 * BLOCK_SIZE + 10 * 90 * BLOCK_SIZE);
  }

  @Test
  void theLongestPiecesComeFirst() {
    AttentionPlan plan = check(steps.random(30), planner(2, 0, MOST_PARTIALS), 0);
    for (int[] pieces : plan.pieces()) {
      for (int i = AttentionPiece.INTS; i < pieces.length; i += AttentionPiece.INTS) {
        assertThat(pieces[i + 4] - pieces[i + 3])
            .isLessThanOrEqualTo(pieces[i - 4] - pieces[i - 5]);
      }
    }
  }

  private AttentionPlanner planner(int group, int window, int maxPartials) {
    AttentionShape shape = new AttentionShape(64, group, false, true);
    return new AttentionPlanner(shape, 8, BLOCK_SIZE, window, 132, maxPartials);
  }

  private AttentionPlan check(List<StepSequence> sequences, AttentionPlanner planner, int window) {
    ForwardBatch batch = steps.batch(sequences);
    return check(sequences, batch, batch.allRows(), planner, window);
  }

  private AttentionPlan check(
      List<StepSequence> sequences,
      ForwardBatch batch,
      TokenRows rows,
      AttentionPlanner planner,
      int window) {
    AttentionPlan plan = planner.plan(batch, rows);
    attention.check(sequences, batch, rows, plan, window);
    return plan;
  }
}
