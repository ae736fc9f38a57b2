package io.nightshift.benchmarks;

import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The least loop that keeps a runner busy: what all prompts share is computed once, each step has a
 * token for every running row and is filled up with prompts; greedy, a fixed number of tokens.
 */
final class ContinuousBatch {
  private final ModelRunner runner;
  private final Deque<Integer> freeBlocks = new ArrayDeque<>();

  private static final class Row {
    final int[] tokens;
    final int[] blocks;
    final int promptLength;
    final int sharedBlocks;
    int done;
    int length;

    Row(int[] prompt, int outputTokens, int[] blocks, int sharedBlocks, int done) {
      tokens = Arrays.copyOf(prompt, prompt.length + outputTokens);
      promptLength = prompt.length;
      length = prompt.length;
      this.blocks = blocks;
      this.sharedBlocks = sharedBlocks;
      this.done = done;
    }
  }

  private ContinuousBatch(ModelRunner runner) {
    this.runner = runner;
    for (int block = 0; block < runner.blockCount(); block++) {
      freeBlocks.add(block);
    }
  }

  static List<int[]> run(ModelRunner runner, List<int[]> prompts, int outputTokens) {
    return new ContinuousBatch(runner).run(prompts, outputTokens);
  }

  private List<int[]> run(List<int[]> prompts, int outputTokens) {
    int blockSize = runner.blockSize();
    int[] shared = new int[sharedTokens(prompts) / blockSize];
    for (int i = 0; i < shared.length; i++) {
      shared[i] = freeBlocks.remove();
    }
    int[] prefix = Arrays.copyOf(prompts.get(0), shared.length * blockSize);
    for (int done = 0; done < prefix.length; ) {
      int end = Math.min(prefix.length, done + runner.maxStepTokens());
      int[] chunk = Arrays.copyOfRange(prefix, done, end);
      runner.run(
          new StepBatch(List.of(new StepSequence(chunk, end, shared, null)), List.of(), List.of()));
      done = end;
    }
    List<Row> all = new ArrayList<>();
    List<Row> running = new ArrayList<>();
    while (all.size() < prompts.size() || !running.isEmpty()) {
      step(prompts, outputTokens, shared, all, running);
      running.removeIf(this::finish);
    }
    return all.stream()
        .map(row -> Arrays.copyOfRange(row.tokens, row.promptLength, row.tokens.length))
        .toList();
  }

  private void step(
      List<int[]> prompts, int outputTokens, int[] shared, List<Row> all, List<Row> running) {
    List<StepSequence> sequences = new ArrayList<>();
    List<LogitsRequest> requests = new ArrayList<>();
    List<Row> asked = new ArrayList<>();
    int used = 0;
    for (Row row : running) {
      used += add(row, runner.maxStepTokens() - used, used, sequences, requests, asked);
    }
    while (used < runner.maxStepTokens() && all.size() < prompts.size()) {
      int[] prompt = prompts.get(all.size());
      int blockCount = (prompt.length + outputTokens - 1) / runner.blockSize() + 1;
      if (freeBlocks.size() < blockCount) {
        break;
      }
      int[] blocks = Arrays.copyOf(shared, blockCount);
      for (int i = shared.length; i < blockCount; i++) {
        blocks[i] = freeBlocks.remove();
      }
      Row row =
          new Row(prompt, outputTokens, blocks, shared.length, shared.length * runner.blockSize());
      all.add(row);
      running.add(row);
      used += add(row, runner.maxStepTokens() - used, used, sequences, requests, asked);
    }
    Logits logits = runner.run(new StepBatch(sequences, List.of(), requests));
    float[] values = new float[runner.config().vocabularySize()];
    for (int i = 0; i < asked.size(); i++) {
      logits.read(i, values);
      Row row = asked.get(i);
      row.tokens[row.length++] = argMax(values);
    }
  }

  private static int add(
      Row row,
      int budget,
      int first,
      List<StepSequence> sequences,
      List<LogitsRequest> requests,
      List<Row> asked) {
    int count = Math.min(budget, row.length - row.done);
    if (count == 0) {
      return 0;
    }
    int[] tokens = Arrays.copyOfRange(row.tokens, row.done, row.done + count);
    row.done += count;
    sequences.add(new StepSequence(tokens, row.done, row.blocks, null));
    if (row.done == row.length) {
      requests.add(new LogitsRequest(first + count - 1, null));
      asked.add(row);
    }
    return count;
  }

  private boolean finish(Row row) {
    if (row.length < row.tokens.length) {
      return false;
    }
    for (int i = row.sharedBlocks; i < row.blocks.length; i++) {
      freeBlocks.add(row.blocks[i]);
    }
    return true;
  }

  private static int sharedTokens(List<int[]> prompts) {
    int[] first = prompts.get(0);
    int shared = first.length - 1;
    for (int[] prompt : prompts) {
      int mismatch = Arrays.mismatch(first, prompt);
      shared = Math.min(shared, mismatch < 0 ? shared : mismatch);
    }
    return shared;
  }

  private static int argMax(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }
}
