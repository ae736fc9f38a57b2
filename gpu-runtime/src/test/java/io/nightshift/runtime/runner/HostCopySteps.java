package io.nightshift.runtime.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Takes the blocks of a sequence to host memory, overwrites them, takes them back to other places,
 * and compares the logits behind them with those that they gave before, which must have the same
 * bits. The runner has at least four times the blocks of the sequence, on the device and on the
 * host.
 */
public final class HostCopySteps {
  private static final int BLOCKS = 4;

  private final ModelRunner runner;
  private final int[] context;
  private final int next;
  private final int[] other;

  /** Steps with random tokens. */
  public HostCopySteps(ModelRunner runner, long seed) {
    this.runner = runner;
    Random random = new Random(seed);
    int vocabulary = runner.config().vocabularySize();
    int length = BLOCKS * runner.blockSize() - 1;
    context = random.ints(length, 0, vocabulary).toArray();
    other = random.ints(length, 0, vocabulary).toArray();
    next = random.nextInt(vocabulary);
  }

  /** Runs the steps. */
  public void run() {
    int[] first = {0, 1, 2, 3};
    int[] second = {9, 7, 5, 11};
    int[] third = {4, 14, 6, 13};
    compute(List.of(), context, first);
    float[] expected = decode(List.of(), first);

    compute(toHost(first, new int[] {3, 0, 6, 1}), other, first);
    assertThat(decode(List.of(), first)).isNotEqualTo(expected);
    compute(List.of(), other, second);
    assertThat(decode(toDevice(new int[] {3, 0, 6, 1}, second), second)).isEqualTo(expected);

    // Each block leaves its place on the device before another one comes there.
    List<HostCopy> exchange = new ArrayList<>();
    for (int i = 0; i < BLOCKS; i++) {
      exchange.addAll(toHost(new int[] {second[i]}, new int[] {8 + i}));
      exchange.addAll(toDevice(new int[] {i == 0 ? 3 : 8 + i - 1}, new int[] {second[i]}));
    }
    compute(exchange, other, third);
    assertThat(decode(toDevice(new int[] {8, 9, 10, 11}, third), third)).isEqualTo(expected);
    int[] exchanged = {second[1], second[2], second[3], 12};
    assertThat(decode(toDevice(new int[] {11}, new int[] {12}), exchanged)).isEqualTo(expected);
  }

  private void compute(List<HostCopy> copies, int[] tokens, int[] blocks) {
    StepSequence prompt = new StepSequence(tokens, tokens.length, blocks, null);
    runner.run(new StepBatch(List.of(prompt), copies, List.of(), List.of(), List.of()));
  }

  /** Logits behind one more token. */
  private float[] decode(List<HostCopy> copies, int[] blocks) {
    StepSequence token = new StepSequence(new int[] {next}, context.length + 1, blocks, null);
    Logits logits =
        runner.run(
            new StepBatch(
                List.of(token), copies, List.of(), List.of(new LogitsRequest(0, null)), List.of()));
    float[] row = new float[logits.columns(0)];
    logits.read(0, row);
    return Arrays.copyOf(row, runner.config().vocabularySize());
  }

  private List<HostCopy> toHost(int[] blocks, int[] hostBlocks) {
    return copies(true, blocks, hostBlocks);
  }

  private List<HostCopy> toDevice(int[] hostBlocks, int[] blocks) {
    return copies(false, blocks, hostBlocks);
  }

  private List<HostCopy> copies(boolean toHost, int[] blocks, int[] hostBlocks) {
    return IntStream.range(0, blocks.length)
        .boxed()
        .flatMap(
            i ->
                IntStream.range(0, runner.blockGroups().size())
                    .mapToObj(
                        group -> new HostCopy(toHost, group, blocks[i], hostBlocks[i], false)))
        .toList();
  }
}
