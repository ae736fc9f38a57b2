package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepBounds;
import io.nightshift.runtime.runner.StepSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Random sequences of steps: prefill chunks, decodes, trees, shared prefixes, blocks in random
 * order.
 */
final class RandomAttentionSteps {
  private final Random random;
  private final int blockSize;
  private final int blocks;
  private final List<Integer> freeBlocks = new ArrayList<>();

  RandomAttentionSteps(Random random, int blockSize, int blocks) {
    this.random = random;
    this.blockSize = blockSize;
    this.blocks = blocks;
  }

  /** Sequences of one query token each behind a common prefix. */
  List<StepSequence> sharing(int count, int prefixBlocks) {
    List<Integer> prefix = take(prefixBlocks);
    List<StepSequence> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int context = prefixBlocks * blockSize + 1 + random.nextInt(40);
      sequences.add(sequence(prefix, context, 1, null));
    }
    return sequences;
  }

  List<StepSequence> random(int count) {
    List<Integer> prefix = take(random.nextInt(60) + 1);
    List<StepSequence> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int queries = random.nextInt(3) == 0 ? 1 + random.nextInt(100) : 1 + random.nextInt(3);
      List<Integer> shared = random.nextInt(4) == 0 ? List.of() : prefix;
      int context = shared.size() * blockSize + queries + random.nextInt(700);
      int[] parents = null;
      if (random.nextInt(3) == 0) {
        parents = new int[1 + random.nextInt(queries)];
        Arrays.setAll(parents, node -> random.nextInt(node + 1) - 1);
      }
      sequences.add(sequence(shared, context, queries, parents));
    }
    return sequences;
  }

  StepSequence sequence(List<Integer> prefix, int context, int queries, int @Nullable [] parents) {
    List<Integer> table = new ArrayList<>(prefix);
    table.addAll(take((context + blockSize - 1) / blockSize - prefix.size()));
    return new StepSequence(
        new int[queries], context, table.stream().mapToInt(i -> i).toArray(), parents);
  }

  List<Integer> take(int count) {
    if (freeBlocks.size() < count) {
      freeBlocks.clear();
      IntStream.range(0, blocks).forEach(freeBlocks::add);
      Collections.shuffle(freeBlocks, random);
    }
    List<Integer> end = freeBlocks.subList(freeBlocks.size() - count, freeBlocks.size());
    List<Integer> taken = List.copyOf(end);
    end.clear();
    return taken;
  }

  ForwardBatch batch(List<StepSequence> sequences) {
    List<LogitsRequest> requests = new ArrayList<>();
    int token = 0;
    for (StepSequence sequence : sequences) {
      token += sequence.tokens().length;
      if (token % 3 != 0) {
        requests.add(new LogitsRequest(token - 1, null));
      }
    }
    return new ForwardBatch(
        new StepBatch(sequences, List.of(), requests),
        new StepBounds(10, blockSize * blocks, blockSize, blocks));
  }
}
