package io.nightshift.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.cpu.onednn.OneDnn;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.HostBlocks;
import io.nightshift.runtime.runner.RandomModel;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepBounds;
import io.nightshift.runtime.runner.StepSequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A context that is read in chunks gives the output of one that is read as a whole: with windows,
 * sinks, soft caps and token trees across the chunks' borders.
 */
class CpuAttentionTest {
  private static final int BLOCK_SIZE = 8;
  private static final int BLOCKS = 64;
  private static final int MAX_CONTEXT = BLOCK_SIZE * BLOCKS;

  /** Chunks of 32 tokens, and tiles of one to four tokens. */
  private static final AttentionTiling SMALL = new AttentionTiling(128, 32, 32);

  private static OneDnn library;
  private static Worker worker;

  private final Random random = new Random(5);

  @BeforeAll
  static void open() {
    library = new OneDnn();
    library.useCallingThreadOnly();
    worker = Worker.of(library);
  }

  @AfterAll
  static void close() {
    worker.close();
    library.close();
  }

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void chunksGiveTheOutputOfTheWholeContext(long seed) {
    random.setSeed(seed);
    RandomModel model = new RandomModel(seed);
    ModelConfig config = model.config();
    BlockGroup group = new BlockGroup(0, BLOCKS);
    List<BlockGroup> groups = Collections.nCopies(config.cacheGroups().size(), group);
    ForwardBatch batch =
        new ForwardBatch(
            new StepBatch(List.of(sequence(groups.size())), List.of(), List.of()),
            new StepBounds(config.vocabularySize(), MAX_CONTEXT, BLOCK_SIZE, groups));
    try (CpuKeyValueCache cache =
            new CpuKeyValueCache(config, BLOCK_SIZE, groups, HostBlocks.NONE);
        Activations activations = new Activations(config, batch.tokens());
        CpuAttention whole =
            new CpuAttention(worker, config, cache, activations, AttentionTiling.DEFAULT);
        CpuAttention chunked = new CpuAttention(worker, config, cache, activations, SMALL)) {
      int window = random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(100);
      LayerHeads heads = heads(config.attention(), window);
      fill(config, cache, activations, batch);
      float[] expected = outputs(whole, heads, config, batch, activations);
      float[] actual = outputs(chunked, heads, config, batch, activations);
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(2e-5f));
      }
    }
  }

  /** Some query tokens behind a context of up to 512, half of the time with a tree at its end. */
  private StepSequence sequence(int groups) {
    int context = 2 + random.nextInt(MAX_CONTEXT - 1);
    int[] tokens = new int[1 + random.nextInt(Math.min(context, 150))];
    int[] tree = null;
    if (random.nextBoolean()) {
      tree = new int[random.nextInt(tokens.length) + 1];
      for (int node = 0; node < tree.length; node++) {
        tree[node] = node == 0 ? -1 : Math.max(-1, node - 1 - random.nextInt(3));
      }
    }
    int[][] tables = new int[groups][];
    for (int group = 0; group < groups; group++) {
      List<Integer> blocks = new ArrayList<>(IntStream.range(0, BLOCKS).boxed().toList());
      Collections.shuffle(blocks, random);
      tables[group] = blocks.stream().mapToInt(block -> block).toArray();
    }
    return new StepSequence(tokens, context, tables, tree, false);
  }

  private LayerHeads heads(AttentionConfig attention, int window) {
    float[] sinks = attention.sinks() ? new float[attention.heads()] : null;
    for (int i = 0; sinks != null && i < sinks.length; i++) {
      sinks[i] = (float) (3 * random.nextGaussian());
    }
    HeadRotation none = new HeadRotation.None(attention.headSize());
    return new LayerHeads(0, null, null, none, window, sinks);
  }

  /** Random keys, values and queries; scores differ by a few units. */
  private void fill(
      ModelConfig config, CpuKeyValueCache cache, Activations activations, ForwardBatch batch) {
    AttentionConfig attention = config.attention();
    int headSize = attention.headSize();
    int group = attention.queriesPerKeyValueHead();
    for (int slot = 0; slot < MAX_CONTEXT; slot++) {
      try (NativeMemory source = random(2 * attention.keyValueHeads() * headSize)) {
        cache.write(0, slot, source.address(), worker.copy());
      }
    }
    for (int row = 0; row < batch.tokens(); row++) {
      for (int head = 0; head < attention.keyValueHeads(); head++) {
        try (NativeMemory source = random(group * headSize)) {
          worker
              .copy()
              .copy(source.address(), activations.queries(head, row), activations.groupBytes());
        }
      }
    }
  }

  private NativeMemory random(int count) {
    NativeMemory memory = NativeMemory.allocate((long) count * Float.BYTES, "a test");
    for (int i = 0; i < count; i++) {
      memory.floats(count).put(i, (float) random.nextGaussian());
    }
    return memory;
  }

  private static float[] outputs(
      CpuAttention attention,
      LayerHeads heads,
      ModelConfig config,
      ForwardBatch batch,
      Activations activations) {
    for (AttentionTask task :
        AttentionTask.tasks(batch, batch.allRows(), config.attention().keyValueHeads())) {
      attention.compute(heads, task);
    }
    int width = config.attention().queryWidth();
    float[] outputs = new float[batch.tokens() * width];
    int bytes = width * Float.BYTES;
    try (NativeMemory row = NativeMemory.allocate(bytes, "a test")) {
      for (int token = 0; token < batch.tokens(); token++) {
        worker.copy().copy(activations.attention().row(token), row.address(), bytes);
        row.floats(width).get(0, outputs, token * width, width);
      }
    }
    return outputs;
  }
}
