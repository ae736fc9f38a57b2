package io.nightshift.runtime.runner;

import static io.nightshift.runtime.runner.PoisonedModelFiles.POISON;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.sampling.LogitsException;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Steps with a token that is not finite, on a runner of {@link PoisonedModelFiles}. Every step is
 * run twice, with that token and with a harmless one in its place: what does not see the token must
 * get the same logits to the last bit, and what sees it must get logits that are no numbers.
 */
public final class PoisonedSteps {
  private static final int HARMLESS = POISON + 1;

  private final ModelRunner runner;
  private final Random random = new Random(3);

  /** A runner of 32 blocks of 8 tokens, and steps of 128. */
  public PoisonedSteps(ModelRunner runner) {
    this.runner = runner;
  }

  /** Runs all of the steps. */
  public void run() {
    inPrompts();
    inOneOfManyThatShareAPrefix();
    inATree();
    inASampledRow();
  }

  /** A token of the prompt, at every place of a tile and of a block, in prefill and in decoding. */
  private void inPrompts() {
    for (int length : new int[] {5, 40, 97}) {
      for (int place = 0; place < length; place += 1 + random.nextInt(12)) {
        int[] prompt = prompt(length);
        prompt[place] = POISON;
        int poisoned = place;
        int[] blocks = blocks(0, length + 1);
        StepSequence whole = new StepSequence(prompt, length, blocks, null);
        check(List.of(whole), token -> token >= poisoned && sees(token, poisoned));
        StepSequence next = new StepSequence(new int[] {9}, length + 1, blocks, null);
        check(List.of(next), token -> sees(length, poisoned));
      }
    }
  }

  /** A long sequence in one step with others that share its prefix, whole blocks and a part. */
  private void inOneOfManyThatShareAPrefix() {
    int blockSize = runner.blockSize();
    int shared = 4 * blockSize;
    int[] bad = prompt(shared + 2 * blockSize);
    bad[shared + 2] = POISON;
    int[] badBlocks = blocks(0, bad.length);
    List<StepSequence> sequences = new ArrayList<>();
    sequences.add(new StepSequence(bad, bad.length, badBlocks, null));
    int badTokens = bad.length;
    for (int i = 0; i < 6; i++) {
      int[] blocks = Arrays.copyOf(badBlocks, 5);
      blocks[4] = 12 + i;
      int[] tail = {20 + i, 30, 40};
      sequences.add(new StepSequence(tail, shared + 3, blocks, null));
    }
    check(sequences, token -> token < badTokens && token >= shared + 2 && sees(token, shared + 2));
    // Later: the block with the bad token is there, and a row that shares its first two tokens
    // copies those.
    int[] blocks = Arrays.copyOf(badBlocks, 5);
    blocks[4] = 20;
    check(
        List.of(new StepSequence(new int[] {50, 51, 52}, shared + 5, blocks, null)),
        List.of(new BlockCopy(badBlocks[4], 20, 2)),
        token -> false);
  }

  /** A node of a token tree: its children see it, its siblings and their children do not. */
  private void inATree() {
    int[] context = prompt(21);
    int[] nodes = {100, POISON, 102, 103, 104, 105, 106};
    int[] parents = {-1, -1, -1, 0, 1, 2, 4};
    int[] tokens = Arrays.copyOf(context, context.length + nodes.length);
    System.arraycopy(nodes, 0, tokens, context.length, nodes.length);
    int[] blocks = blocks(3, tokens.length);
    check(
        List.of(new StepSequence(tokens, tokens.length, blocks, parents)),
        token -> token == 22 || token == 25 || token == 27);
  }

  /**
   * Sampled tokens, some of them constrained: the bad row has none, and its neighbors have theirs.
   */
  private void inASampledRow() {
    SamplingParameters greedy = SamplingParameters.greedy(1);
    TokenMask some = new TokenMask(new long[] {0xF0F0, 0, 5});
    List<StepSequence> sequences = new ArrayList<>();
    List<LogitsRequest> requests = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      int token = i == 4 ? POISON : 60 + i;
      sequences.add(new StepSequence(new int[] {token}, 1, new int[] {i}, null));
      LateMask mask = i % 2 == 0 ? () -> some : null;
      requests.add(LogitsRequest.sampled(i, new TokenSampling(greedy, new int[] {1}, 1, 0, mask)));
    }
    LogitsWorkspace workspace = new LogitsWorkspace(runner.config().vocabularySize());
    int[] expected = new int[9];
    Logits harmless = runner.run(new StepBatch(harmless(sequences), List.of(), requests));
    Arrays.setAll(expected, i -> harmless.sampled(i, workspace).token());
    Logits logits = runner.run(new StepBatch(sequences, List.of(), requests));
    for (int i = 0; i < 9; i++) {
      if (i == 4) {
        assertThat(sampledOrNone(logits, i, workspace)).isEqualTo(-1);
      } else {
        assertThat(sampledOrNone(logits, i, workspace)).isEqualTo(expected[i]);
        assertThat(i % 2 == 1 || some.contains(expected[i])).isTrue();
      }
    }
  }

  private static int sampledOrNone(Logits logits, int row, LogitsWorkspace workspace) {
    try {
      return logits.sampled(row, workspace).token();
    } catch (LogitsException e) {
      return -1;
    }
  }

  private interface Spoiled {
    boolean test(int token);
  }

  private void check(List<StepSequence> sequences, Spoiled spoiled) {
    check(sequences, List.of(), spoiled);
  }

  private void check(List<StepSequence> sequences, List<BlockCopy> copies, Spoiled spoiled) {
    int count = sequences.stream().mapToInt(sequence -> sequence.tokens().length).sum();
    List<LogitsRequest> requests =
        IntStream.range(0, count).mapToObj(token -> new LogitsRequest(token, null)).toList();
    float[][] expected = rows(new StepBatch(harmless(sequences), copies, requests));
    float[][] computed = rows(new StepBatch(sequences, copies, requests));
    for (int token = 0; token < count; token++) {
      if (spoiled.test(token)) {
        assertThat(computed[token]).as("token %d", token).contains(Float.NaN);
      } else {
        assertThat(computed[token]).as("token %d", token).isEqualTo(expected[token]);
      }
    }
  }

  private float[][] rows(StepBatch batch) {
    Logits logits = runner.run(batch);
    return IntStream.range(0, logits.rows())
        .mapToObj(row -> ModelRunnerContract.read(logits, row))
        .toArray(float[][]::new);
  }

  private static List<StepSequence> harmless(List<StepSequence> sequences) {
    return sequences.stream()
        .map(
            sequence ->
                new StepSequence(
                    Arrays.stream(sequence.tokens())
                        .map(token -> token == POISON ? HARMLESS : token)
                        .toArray(),
                    sequence.contextLength(),
                    sequence.blockTables(),
                    sequence.treeParents(),
                    sequence.longContext()))
        .toList();
  }

  /** Whether a token's logits depend on that of another, through the layers' windows. */
  private boolean sees(int token, int other) {
    int reach = 0;
    for (LayerConfig layer : runner.config().layers()) {
      if (layer.slidingWindow() == 0) {
        return true;
      }
      reach += layer.slidingWindow() - 1;
    }
    return token - other <= reach;
  }

  private int[] prompt(int length) {
    return random.ints(length, HARMLESS, runner.config().vocabularySize()).toArray();
  }

  private int[] blocks(int first, int tokens) {
    int blockSize = runner.blockSize();
    return IntStream.range(first, first + (tokens + blockSize - 1) / blockSize).toArray();
  }
}
