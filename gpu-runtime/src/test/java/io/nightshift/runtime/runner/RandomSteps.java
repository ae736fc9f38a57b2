package io.nightshift.runtime.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Random sequences computed in random pieces: prefill chunks and decode steps mixed in one step,
 * trees behind some of them, blocks in random order. Every logit asked for is compared with the
 * reference's for the whole sequence.
 */
public final class RandomSteps {
  private final ModelConfig config;
  private static final int MAX_TOKENS = 70;

  private final ReferenceTransformer reference;
  private final ModelRunner runner;
  private final Random random;
  private final double tolerance;
  private final List<List<Integer>> freeBlocks = new ArrayList<>();
  private int compared;
  private int beyondTolerance;

  /** A sequence on its way: {@code done} of its tokens are in the cache. */
  private final class Running {
    final int[] tokens = new int[1 + random.nextInt(MAX_TOKENS)];
    final int[][] blocks = new int[freeBlocks.size()][];
    final double[][] expected;
    final boolean longContext = config.isLongContext(tokens.length);
    int done;

    Running() {
      Arrays.setAll(tokens, i -> token());
      expected = reference.logits(tokens);
      // One block more than the tokens need, for trees.
      for (int group = 0; group < blocks.length; group++) {
        List<Integer> free = freeBlocks.get(group);
        blocks[group] = new int[tokens.length / runner.blockSize() + 2];
        Arrays.setAll(blocks[group], i -> free.remove(free.size() - 1));
      }
    }

    /** Frees blocks that no query sees, for others; at the end, all of them. */
    void free() {
      for (int group = 0; group < blocks.length; group++) {
        int seen = runner.blockGroups().get(group).firstBlock(done, runner.blockSize());
        int end = done == tokens.length ? blocks[group].length : seen;
        for (int i = 0; i < end; i++) {
          if (blocks[group][i] != StepSequence.FREED) {
            freeBlocks.get(group).add(blocks[group][i]);
            blocks[group][i] = StepSequence.FREED;
          }
        }
      }
    }

    int[][] table() {
      return Arrays.stream(blocks).map(int[]::clone).toArray(int[][]::new);
    }
  }

  /**
   * @param tolerance the largest difference of a logit that is accepted
   */
  public RandomSteps(ModelFiles files, ModelRunner runner, long seed, double tolerance) {
    config = files.config();
    this.reference = new ReferenceTransformer(files);
    this.runner = runner;
    this.random = new Random(seed);
    this.tolerance = tolerance;
    for (BlockGroup group : runner.blockGroups()) {
      freeBlocks.add(
          IntStream.range(0, group.blockCount())
              .boxed()
              .collect(Collectors.toCollection(ArrayList::new)));
    }
    shuffle();
  }

  /** Runs {@code count} sequences to their ends, in at most {@code steps} steps. */
  public void run(int count, int steps) {
    run(count, steps, 0);
  }

  /**
   * Runs {@code count} sequences to their ends, in at most {@code steps} steps.
   *
   * @param outliers share of the rows of logits that may differ by more than the tolerance
   */
  public void run(int count, int steps, double outliers) {
    int started = 0;
    List<Running> running = new ArrayList<>();
    for (int step = 0; step < steps && (started < count || !running.isEmpty()); step++) {
      while (started < count && running.size() < 6 && hasRoom()) {
        running.add(new Running());
        started++;
      }
      runStep(running);
      running.forEach(Running::free);
      running.removeIf(next -> next.done == next.tokens.length);
      shuffle();
    }
    assertThat(running).isEmpty();
    assertThat(started).isEqualTo(count);
    assertThat(beyondTolerance).isLessThanOrEqualTo((int) (outliers * compared));
  }

  /** Whether every group has blocks for another sequence. */
  private boolean hasRoom() {
    int most = MAX_TOKENS / runner.blockSize() + 2;
    return freeBlocks.stream().allMatch(free -> free.size() >= most);
  }

  private void shuffle() {
    freeBlocks.forEach(free -> Collections.shuffle(free, random));
  }

  private void runStep(List<Running> running) {
    int budget = runner.maxStepTokens();
    List<StepSequence> sequences = new ArrayList<>();
    List<LogitsRequest> requests = new ArrayList<>();
    List<double[]> expected = new ArrayList<>();
    int first = 0;
    for (Running next : running) {
      int left = next.tokens.length - next.done;
      int count =
          Math.min(Math.min(budget, left), random.nextBoolean() ? 1 : 1 + random.nextInt(40));
      if (count == 0 || random.nextInt(5) == 0) {
        continue;
      }
      int[] parents = tree(next.done + count, budget - count, next.blocks[0].length);
      int[] tokens = Arrays.copyOfRange(next.tokens, next.done, next.done + count);
      tokens = Arrays.copyOf(tokens, count + parents.length);
      for (int node = 0; node < parents.length; node++) {
        tokens[count + node] = token();
      }
      for (int t = 0; t < count; t++) {
        if (random.nextInt(4) == 0) {
          requests.add(new LogitsRequest(first + t, null));
          expected.add(next.expected[next.done + t]);
        }
      }
      for (int node = 0; node < parents.length; node++) {
        int[] path = path(next.tokens, next.done + count, tokens, count, parents, node);
        requests.add(new LogitsRequest(first + count + node, null));
        expected.add(reference.logits(path, next.tokens.length)[path.length - 1]);
      }
      next.done += count;
      sequences.add(
          new StepSequence(
              tokens,
              next.done + parents.length,
              next.table(),
              parents.length == 0 ? null : parents,
              next.longContext));
      first += tokens.length;
      budget -= tokens.length;
    }
    if (sequences.isEmpty()) {
      return;
    }
    Logits logits = runner.run(ModelRunnerContract.step(sequences, requests));
    for (int i = 0; i < expected.size(); i++) {
      double difference =
          ModelRunnerContract.largestDifference(
              ModelRunnerContract.read(logits, i), expected.get(i));
      compared++;
      beyondTolerance += difference < tolerance ? 0 : 1;
    }
  }

  private int[] tree(int context, int budget, int blocks) {
    int room = Math.min(budget, blocks * runner.blockSize() - context);
    if (room < 1 || random.nextInt(4) != 0) {
      return new int[0];
    }
    int[] parents = new int[1 + random.nextInt(Math.min(room, 6))];
    for (int node = 0; node < parents.length; node++) {
      parents[node] = random.nextInt(node + 1) - 1;
    }
    return parents;
  }

  private static int[] path(
      int[] context, int length, int[] tokens, int treeStart, int[] parents, int node) {
    int depth = 0;
    for (int n = node; n >= 0; n = parents[n]) {
      depth++;
    }
    int[] path = Arrays.copyOf(context, length + depth);
    int at = path.length - 1;
    for (int n = node; n >= 0; n = parents[n]) {
      path[at--] = tokens[treeStart + n];
    }
    return path;
  }

  private int token() {
    int token = random.nextInt(config.vocabularySize());
    return token == PoisonedModelFiles.POISON ? 0 : token;
  }
}
