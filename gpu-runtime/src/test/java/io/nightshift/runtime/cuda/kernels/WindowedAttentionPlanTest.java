package io.nightshift.runtime.cuda.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepBounds;
import io.nightshift.runtime.runner.StepSequence;
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
 * Plans of layers with a sliding window, whose group has block tables of its own: shared prefixes
 * of the sequences that see their whole context, freed blocks of the others.
 */
class WindowedAttentionPlanTest {
  private static final int BLOCK_SIZE = 8;
  private static final int BLOCKS = 4096;
  private static final AttentionShape SHAPE = new AttentionShape(64, 4, false, true);

  private final Random random = new Random(7);
  private final RandomAttentionSteps steps = new RandomAttentionSteps(random, BLOCK_SIZE, BLOCKS);
  private final PlannedAttention attention = new PlannedAttention(random, BLOCK_SIZE, BLOCKS);

  @Test
  void aWindowThatHidesNothingChangesNoPlan() {
    List<StepSequence> sequences = steps.sharing(100, 100);
    ForwardBatch batch = steps.batch(sequences);
    AttentionPlan plan = plan(batch, 0, 840);
    assertThat(sharing(plan, sequences)).isEqualTo(100);
    assertThat(plan).usingRecursiveComparison().isEqualTo(plan(batch, 0, 0));
  }

  @Test
  void aWindowWithinAllContextsSharesNothing() {
    List<StepSequence> sequences = steps.sharing(100, 100);
    assertThat(sharing(check(sequences, sequences, 800), sequences)).isZero();
  }

  /** Contexts are of 801 to 840 tokens. */
  @ParameterizedTest
  @ValueSource(ints = {815, 816, 820, 833})
  void theSequencesThatSeeTheirWholeContextShareAPrefix(int window) {
    List<StepSequence> sequences = steps.sharing(300, 100);
    long seeAll = sequences.stream().filter(s -> s.contextLength() <= window).count();
    assertThat(sharing(check(sequences, sequences, window), sequences)).isEqualTo(seeAll);
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 500, 700, 1000, 2000})
  void plansOfRandomDocumentsComputeAttention(int window) {
    for (int round = 0; round < 3; round++) {
      List<StepSequence> sequences = documents();
      check(sequences, permuted(sequences), window);
    }
  }

  /** Rows of a tree are behind the window by their slots, but not by their positions. */
  @Test
  void aWindowCountsThePositionsOfATree() {
    List<Integer> prefix = steps.take(100);
    List<StepSequence> sequences = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sequences.add(steps.sequence(prefix, 805, 4, new int[] {-1, -1, -1}));
    }
    assertThat(sharing(check(sequences, sequences, 803), sequences)).isEqualTo(400);
    assertThat(sharing(check(sequences, sequences, 802), sequences)).isZero();
  }

  @Test
  void aPrefixIsOneOfTheGroupsOwnBlocks() {
    List<StepSequence> sequences = steps.sharing(100, 100);
    List<StepSequence> separate =
        sequences.stream()
            .map(s -> with(s, random.ints(s.blocks(0).length, 0, BLOCKS).toArray()))
            .toList();
    assertThat(sharing(check(sequences, separate, 840), sequences)).isZero();
    assertThat(sharing(check(separate, sequences, 840), sequences)).isEqualTo(100);
  }

  /** Sequences of few and of many rows and of trees, behind documents that many have in common. */
  private List<StepSequence> documents() {
    List<StepSequence> sequences = new ArrayList<>(steps.random(20));
    for (int document = 0; document < 3; document++) {
      List<Integer> prefix = steps.take(30 + random.nextInt(60));
      for (int i = 0; i < 120; i++) {
        int queries = 1 + random.nextInt(4);
        int[] parents = new int[random.nextInt(queries + 1)];
        Arrays.setAll(parents, node -> random.nextInt(node + 1) - 1);
        int context = prefix.size() * BLOCK_SIZE + queries + random.nextInt(60);
        sequences.add(
            steps.sequence(prefix, context, queries, parents.length == 0 ? null : parents));
      }
    }
    Collections.shuffle(sequences, random);
    return sequences;
  }

  /** The same sequences with other blocks, of which as many are shared. */
  private List<StepSequence> permuted(List<StepSequence> sequences) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, BLOCKS).boxed().toList());
    Collections.shuffle(order, random);
    return sequences.stream()
        .map(s -> with(s, Arrays.stream(s.blocks(0)).map(order::get).toArray()))
        .toList();
  }

  /** Number of rows that are in a prefix's tiles, in addition to those of their sequences. */
  private static int sharing(AttentionPlan plan, List<StepSequence> sequences) {
    int rows = sequences.stream().mapToInt(sequence -> sequence.tokens().length).sum();
    return plan.rows().length / AttentionPlan.ROW_INTS - rows;
  }

  /**
   * Plans the second group of a cache and checks its attention.
   *
   * @param first the sequences, with block tables of the first group
   * @param second the same with block tables of the second one, of which those that no query sees
   *     are freed
   */
  private AttentionPlan check(List<StepSequence> first, List<StepSequence> second, int window) {
    BlockGroup windowed = new BlockGroup(window, BLOCKS);
    List<StepSequence> seen = second.stream().map(s -> withFreedBlocks(s, windowed)).toList();
    List<StepSequence> both =
        IntStream.range(0, first.size())
            .mapToObj(i -> with(first.get(i), first.get(i).blocks(0), seen.get(i).blocks(0)))
            .toList();
    ForwardBatch batch =
        new ForwardBatch(
            new StepBatch(both, List.of(), List.of()),
            new StepBounds(10, 10_000, BLOCK_SIZE, List.of(new BlockGroup(0, BLOCKS), windowed)));
    AttentionPlan plan = plan(batch, 1, window);
    int[] tables =
        IntStream.concat(
                Arrays.stream(plan(batch, 0, 0).blockTables()), Arrays.stream(plan.blockTables()))
            .toArray();
    attention.check(
        seen,
        batch,
        batch.allRows(),
        new AttentionPlan(plan.pieces(), plan.rows(), plan.treeMasks(), tables, plan.merges()),
        window);
    return plan;
  }

  private static AttentionPlan plan(ForwardBatch batch, int group, int window) {
    return new AttentionPlanner(SHAPE, 8, BLOCK_SIZE, group, window, 132, 20_000)
        .plan(batch, batch.allRows());
  }

  private static StepSequence withFreedBlocks(StepSequence sequence, BlockGroup group) {
    int[] blocks = sequence.blocks(0).clone();
    int firstQuery = sequence.contextLength() - sequence.tokens().length;
    Arrays.fill(blocks, 0, group.firstBlock(firstQuery, BLOCK_SIZE), StepSequence.FREED);
    return with(sequence, blocks);
  }

  private static StepSequence with(StepSequence sequence, int[]... blockTables) {
    return new StepSequence(
        sequence.tokens(), sequence.contextLength(), blockTables, sequence.treeParents(), false);
  }
}
