package io.nightshift.runtime.cuda.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepBounds;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.runner.TokenRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Plans of random steps, done by {@link AttentionReference} and compared with attention computed
 * directly from the steps' definition.
 */
class AttentionPlannerTest {
  private static final int SIZE = 3;
  private static final int BLOCK_SIZE = 8;
  private static final int BLOCKS = 4096;
  private static final int MOST_PARTIALS = 20_000;

  private final Random random = new Random(5);
  private final RandomAttentionSteps steps = new RandomAttentionSteps(random, BLOCK_SIZE, BLOCKS);

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 7, 16, 40})
  void plansOfRandomStepsComputeAttention(int group) {
    for (int window : new int[] {0, 0, 5, 90}) {
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

  private static long tokensRead(AttentionPlan plan, int height) {
    int[] pieces = plan.pieces().get(height);
    return IntStream.range(0, plan.pieceCount(height))
        .map(i -> i * AttentionPiece.INTS)
        .map(i -> pieces[i + 4] - pieces[i + 3])
        .sum();
  }

  private AttentionPlan check(List<StepSequence> sequences, AttentionPlanner planner, int window) {
    ForwardBatch batch = steps.batch(sequences);
    return check(sequences, batch, batch.allRows(), planner, window);
  }

  @Test
  void aGroupHasItsOwnBlockTablesBehindThoseOfTheGroupsBefore() {
    int window = 90;
    BlockGroup windowed = new BlockGroup(window, BLOCKS);
    List<StepSequence> all = steps.random(24);
    List<StepSequence> seen = new ArrayList<>();
    List<StepSequence> both = new ArrayList<>();
    for (StepSequence sequence : all) {
      int[] blocks = steps.take(sequence.blocks(0).length).stream().mapToInt(i -> i).toArray();
      int firstQuery = sequence.contextLength() - sequence.tokens().length;
      Arrays.fill(blocks, 0, windowed.firstBlock(firstQuery, BLOCK_SIZE), StepSequence.FREED);
      seen.add(with(sequence, blocks));
      both.add(with(sequence, sequence.blocks(0), blocks));
    }
    ForwardBatch batch =
        new ForwardBatch(
            new StepBatch(both, List.of(), List.of()),
            new StepBounds(10, 10_000, BLOCK_SIZE, List.of(new BlockGroup(0, BLOCKS), windowed)));
    AttentionShape shape = new AttentionShape(64, 4, false, true);
    int[] before = planner(4, 0, MOST_PARTIALS).plan(batch, batch.allRows()).blockTables();
    AttentionPlan plan =
        new AttentionPlanner(shape, 8, BLOCK_SIZE, 1, window, 132, MOST_PARTIALS)
            .plan(batch, batch.allRows());
    int[] tables =
        IntStream.concat(Arrays.stream(before), Arrays.stream(plan.blockTables())).toArray();

    check(
        seen,
        batch,
        batch.allRows(),
        new AttentionPlan(plan.pieces(), plan.rows(), plan.treeMasks(), tables, plan.merges()),
        window);
  }

  private static StepSequence with(StepSequence sequence, int[]... blockTables) {
    return new StepSequence(
        sequence.tokens(), sequence.contextLength(), blockTables, sequence.treeParents(), false);
  }

  private AttentionPlan check(
      List<StepSequence> sequences,
      ForwardBatch batch,
      TokenRows rows,
      AttentionPlanner planner,
      int window) {
    return check(sequences, batch, rows, planner.plan(batch, rows), window);
  }

  private AttentionPlan check(
      List<StepSequence> sequences,
      ForwardBatch batch,
      TokenRows rows,
      AttentionPlan plan,
      int window) {
    double[][] queries = normal(rows.size());
    double[][] keys = normal(BLOCKS * BLOCK_SIZE);
    double[][] values = normal(BLOCKS * BLOCK_SIZE);
    double[][] output =
        new AttentionReference(
                queries, keys, values, BLOCK_SIZE, AttentionReference.Scoring.plain(SIZE))
            .run(plan);
    for (int s = 0; s < sequences.size(); s++) {
      for (int row = rows.sequenceStarts()[s]; row < rows.sequenceStarts()[s + 1]; row++) {
        int token = rows.tokens()[row] - batch.firstToken(s);
        int[] slots = visibleSlots(sequences.get(s), token, window);
        double[] expected = attention(queries[row], keys, values, slots);
        for (int i = 0; i < SIZE; i++) {
          assertThat(output[row][i]).isCloseTo(expected[i], within(1e-9));
        }
      }
    }
    return plan;
  }

  /** Slots that a query token attends to, by the words of {@link StepSequence}. */
  private static int[] visibleSlots(StepSequence sequence, int token, int window) {
    int treeStart = sequence.contextLength() - sequence.treeSize();
    int slot = sequence.contextLength() - sequence.tokens().length + token;
    List<Integer> seen = new ArrayList<>();
    int[] parents = sequence.treeParents();
    if (parents != null) {
      for (int node = slot - treeStart; node >= 0; node = parents[node]) {
        seen.add(treeStart + node);
      }
    }
    for (int i = Math.min(slot, treeStart - 1); i >= 0; i--) {
      seen.add(i);
    }
    // The most recent come first, and a window counts positions.
    return seen.stream()
        .limit(window == 0 ? Integer.MAX_VALUE : window)
        .mapToInt(i -> sequence.blocks(0)[i / BLOCK_SIZE] * BLOCK_SIZE + i % BLOCK_SIZE)
        .toArray();
  }

  private static double[] attention(
      double[] query, double[][] keys, double[][] values, int[] slots) {
    double[] result = new double[SIZE];
    double sum = 0;
    for (int slot : slots) {
      double score = 0;
      for (int i = 0; i < SIZE; i++) {
        score += query[i] * keys[slot][i];
      }
      double weight = Math.exp(score / Math.sqrt(SIZE));
      sum += weight;
      for (int i = 0; i < SIZE; i++) {
        result[i] += weight * values[slot][i];
      }
    }
    double total = sum;
    return Arrays.stream(result).map(x -> x / total).toArray();
  }

  private double[][] normal(int rows) {
    double[][] result = new double[rows][SIZE];
    for (double[] row : result) {
      Arrays.setAll(row, i -> random.nextGaussian());
    }
    return result;
  }
}
