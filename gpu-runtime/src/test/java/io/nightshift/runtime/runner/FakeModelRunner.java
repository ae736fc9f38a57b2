package io.nightshift.runtime.runner;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.PlainLlama;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.RopeConfig.LongContext;
import io.nightshift.runtime.model.random.ModelShape;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A model runner without a model: the logits after a token are a hash of the whole context that the
 * token attends to, read through the block table. A "key and value" is the token and a hash of its
 * context; slots that nobody has written, or that hold something else than the reader's context,
 * fail the step. So a test sees every mix-up of blocks, copies and positions, either as an
 * exception or as another answer.
 *
 * <p>Strict where the contract leaves room: a batch within the token limit, no slot written twice
 * in a step, no block both source and target of copies, the rest of a copied block unusable.
 */
public final class FakeModelRunner implements ModelRunner {

  private static final long EMPTY = 0;
  private static final long ROOT = 0x9E3779B97F4A7C15L;
  private static final long LONG_ROOT = 0xC2B2AE3D27D4EB4FL;

  private final ModelConfig config;
  private final int blockSize;
  private final List<BlockGroup> groups;
  private final int maxStepTokens;
  private final long seed;
  private final int[][] tokenOf;
  private final long[][] contextOf;

  /** The last step that accessed a block of a group, and that wrote to it. */
  private final long[][] accessedIn;

  private final long[][] writtenIn;
  private final HostBlocks hostBlocks;
  private final int[][][] hostTokens;
  private final long[][][] hostContexts;
  private long steps;
  private long tokens;
  private boolean closed;

  /** A runner whose answers depend on {@code seed} and {@code config.vocabularySize()} only. */
  public FakeModelRunner(
      ModelConfig config, int blockCount, int blockSize, int maxStepTokens, long seed) {
    this(config, List.of(new BlockGroup(0, blockCount)), blockSize, maxStepTokens, seed);
  }

  /**
   * A runner with groups of layers. Its answers are those of a runner without.
   *
   * @param groups the widest one first, with a window of at least two positions: a token continues
   *     the context that it reads of the one before
   */
  public FakeModelRunner(
      ModelConfig config, List<BlockGroup> groups, int blockSize, int maxStepTokens, long seed) {
    this(config, groups, blockSize, maxStepTokens, seed, 0);
  }

  /** A runner with groups of layers and with host memory. */
  public FakeModelRunner(
      ModelConfig config,
      List<BlockGroup> groups,
      int blockSize,
      int maxStepTokens,
      long seed,
      int hostBlockCount) {
    check(groups.get(0).slidingWindow() != 1, "the token before is seen");
    this.config = config;
    this.groups = groups;
    this.blockSize = blockSize;
    this.maxStepTokens = maxStepTokens;
    this.seed = seed;
    tokenOf = new int[groups.size()][];
    contextOf = new long[groups.size()][];
    accessedIn = new long[groups.size()][];
    writtenIn = new long[groups.size()][];
    hostBlocks = new HostBlocks(hostBlockCount, Collections.nCopies(groups.size(), 1L));
    hostTokens = new int[groups.size()][hostBlockCount][];
    hostContexts = new long[groups.size()][hostBlockCount][];
    for (int group = 0; group < groups.size(); group++) {
      int slots = groups.get(group).blockCount() * blockSize;
      tokenOf[group] = new int[slots];
      contextOf[group] = new long[slots];
      accessedIn[group] = new long[groups.get(group).blockCount()];
      writtenIn[group] = new long[groups.get(group).blockCount()];
      // No step has accessed them, not even the one before the first.
      Arrays.fill(accessedIn[group], -1);
      Arrays.fill(writtenIn[group], -1);
    }
  }

  /** A configuration in which only the sizes and the end-of-sequence tokens mean something. */
  public static ModelConfig config(int vocabularySize, int maxPositions, Integer... endTokens) {
    return PlainLlama.config(1, 8, 1, 1, 8, 16, vocabularySize, maxPositions, endTokens);
  }

  /**
   * As {@link #config(int, int, Integer...)}, with other rotary factors for sequences of more than
   * {@code originalPositions} tokens.
   */
  public static ModelConfig longContextConfig(
      int vocabularySize, int maxPositions, int originalPositions, Integer... endTokens) {
    List<Float> factors = Collections.nCopies(4, 1f);
    RopeConfig rope =
        new RopeConfig(
            10_000, 8, factors, 1, Optional.of(new LongContext(originalPositions, factors)));
    return ModelShape.llama(
        1,
        8,
        AttentionConfig.plain(1, 1, 8),
        16,
        vocabularySize,
        maxPositions,
        rope,
        false,
        Set.of(endTokens));
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  @Override
  public int blockSize() {
    return blockSize;
  }

  @Override
  public int blockCount() {
    return groups.get(0).blockCount();
  }

  @Override
  public List<BlockGroup> blockGroups() {
    return groups;
  }

  @Override
  public HostBlocks hostBlocks() {
    return hostBlocks;
  }

  @Override
  public int maxStepTokens() {
    return maxStepTokens;
  }

  /** Steps run so far. */
  public long steps() {
    return steps;
  }

  /** Query tokens computed so far. */
  public long tokens() {
    return tokens;
  }

  public boolean closed() {
    return closed;
  }

  @Override
  public Logits run(StepBatch batch) {
    check(!closed, "the runner is open");
    check(!batch.sequences().isEmpty(), "the step has sequences");
    check(
        batch.tokenCount() <= maxStepTokens,
        "the step has at most the runner's tokens",
        batch.tokenCount());
    new ForwardBatch(batch, StepBounds.of(this));
    batch.hostCopies().forEach(this::copy);
    copyBlocks(batch);
    // As the contract has it: all writes, then all reads.
    Set<Slot> written = new HashSet<>();
    for (StepSequence sequence : batch.sequences()) {
      writeTokens(sequence, written);
    }
    // Only now is every token there that a sequence shares with another one of this step.
    batch.sequences().forEach(this::writeContexts);
    long[] contexts = new long[batch.tokenCount()];
    int token = 0;
    for (StepSequence sequence : batch.sequences()) {
      read(sequence, contexts, token);
      token += sequence.tokens().length;
    }
    for (StepSequence sequence : batch.sequences()) {
      for (int i = sequence.contextLength() - sequence.treeSize();
          i < sequence.contextLength();
          i++) {
        for (int group = 0; group < groups.size(); group++) {
          contextOf[group][slot(group, sequence, i)] = EMPTY;
        }
      }
    }
    steps++;
    tokens += batch.tokenCount();
    return new FakeLogits(batch, contexts, steps);
  }

  /** Copies a block as a device does that may still run the step before, whose number is steps. */
  private void copy(HostCopy copy) {
    int group = copy.group();
    int block = copy.block();
    int first = block * blockSize;
    if (copy.toHost()) {
      check(
          copy.afterPrevious() || writtenIn[group][block] < steps,
          "a block is copied to the host when it has been written",
          block);
      int end = first + blockSize;
      hostTokens[group][copy.hostBlock()] = Arrays.copyOfRange(tokenOf[group], first, end);
      hostContexts[group][copy.hostBlock()] = Arrays.copyOfRange(contextOf[group], first, end);
      return;
    }
    check(
        copy.afterPrevious() || accessedIn[group][block] < steps,
        "a block is overwritten when no step accesses it",
        block);
    check(hostTokens[group][copy.hostBlock()] != null, "a block comes back that was there");
    System.arraycopy(hostTokens[group][copy.hostBlock()], 0, tokenOf[group], first, blockSize);
    System.arraycopy(hostContexts[group][copy.hostBlock()], 0, contextOf[group], first, blockSize);
  }

  private void copyBlocks(StepBatch batch) {
    Set<Slot> sources = new HashSet<>();
    Set<Slot> targets = new HashSet<>();
    for (BlockCopy copy : batch.copies()) {
      accessedIn[copy.group()][copy.source()] = steps + 1;
      accessedIn[copy.group()][copy.target()] = steps + 1;
      writtenIn[copy.group()][copy.target()] = steps + 1;
      sources.add(new Slot(copy.group(), copy.source()));
      check(
          targets.add(new Slot(copy.group(), copy.target())),
          "a block is the target of one copy",
          copy.target());
    }
    for (BlockCopy copy : batch.copies()) {
      check(
          !sources.contains(new Slot(copy.group(), copy.target())),
          "no block is source and target",
          copy.target());
      check(
          copy.tokens() > 0 && copy.tokens() < blockSize,
          "a part of a block is copied",
          copy.tokens());
      int source = copy.source() * blockSize;
      int target = copy.target() * blockSize;
      int[] tokens = tokenOf[copy.group()];
      long[] contexts = contextOf[copy.group()];
      for (int i = 0; i < copy.tokens(); i++) {
        check(contexts[source + i] != EMPTY, "a copied slot is filled", source + i);
        tokens[target + i] = tokens[source + i];
        contexts[target + i] = contexts[source + i];
      }
      Arrays.fill(contexts, target + copy.tokens(), target + blockSize, EMPTY);
    }
  }

  private void writeTokens(StepSequence sequence, Set<Slot> written) {
    int length = sequence.contextLength();
    int first = length - sequence.tokens().length;
    check(
        first >= 0 && sequence.tokens().length > 0,
        "the query has tokens, and not more than the context",
        sequence.tokens().length);
    check(sequence.tokens().length > sequence.treeSize(), "a tree has a root in the query");
    for (int i = first; i < length; i++) {
      int token = sequence.tokens()[i - first];
      check(token >= 0 && token < config.vocabularySize(), "a token is in the vocabulary", token);
      for (int group = 0; group < groups.size(); group++) {
        int slot = slot(group, sequence, i);
        check(written.add(new Slot(group, slot)), "a slot is written once", group, slot);
        writtenIn[group][slot / blockSize] = steps + 1;
        tokenOf[group][slot] = token;
        contextOf[group][slot] = EMPTY;
      }
    }
  }

  private void writeContexts(StepSequence sequence) {
    long[] chain = chain(sequence);
    int length = sequence.contextLength();
    for (int i = length - sequence.tokens().length; i < length; i++) {
      for (int group = 0; group < groups.size(); group++) {
        contextOf[group][slot(group, sequence, i)] = chain[i];
      }
    }
  }

  /** First context token that a query token of this step sees in a group. */
  private int firstSeen(int group, StepSequence sequence) {
    int window = groups.get(group).slidingWindow();
    int firstQuery = sequence.contextLength() - sequence.tokens().length;
    return window == 0 ? 0 : Math.max(0, firstQuery - window + 1);
  }

  /**
   * The hash of the context of every token that is seen in the first group, from the token ids in
   * the slots and the context of the first of them.
   */
  private long[] chain(StepSequence sequence) {
    int firstSeen = firstSeen(0, sequence);
    int length = sequence.contextLength();
    int ordinary = length - sequence.treeSize();
    int[] parents = sequence.treeParents();
    long[] chain = new long[length];
    int[] depth = new int[length];
    for (int i = firstSeen; i < length; i++) {
      int slot = slot(0, sequence, i);
      if (i == firstSeen && i > 0) {
        chain[i] = contextOf[0][slot];
        check(chain[i] != EMPTY, "the context goes on from one that is there", slot);
        depth[i] = i;
        continue;
      }
      int parent = i - 1;
      if (i >= ordinary && parents != null) {
        int node = i - ordinary;
        check(
            parents[node] >= -1 && parents[node] < node,
            "a parent comes before its node",
            parents[node]);
        parent = parents[node] < 0 ? ordinary - 1 : ordinary + parents[node];
      }
      depth[i] = parent < 0 ? 0 : depth[parent] + 1;
      check(depth[i] < config.maxPositions(), "a position is within the model's", depth[i]);
      long root = sequence.longContext() ? LONG_ROOT : ROOT;
      long before = parent < 0 ? root : chain[parent];
      chain[i] = Math.max(1, mix(before + tokenOf[0][slot] + 1) >>> 1);
    }
    return chain;
  }

  private void read(StepSequence sequence, long[] contexts, int firstToken) {
    long[] chain = chain(sequence);
    int first = sequence.contextLength() - sequence.tokens().length;
    for (int group = 0; group < groups.size(); group++) {
      for (int i = firstSeen(group, sequence); i < sequence.contextLength(); i++) {
        int slot = slot(group, sequence, i);
        accessedIn[group][slot / blockSize] = steps + 1;
        check(
            contextOf[group][slot] == chain[i] && tokenOf[group][slot] == tokenOf(sequence, i),
            "a slot that is read holds the reader's own context (group, slot, token, length)",
            group,
            slot,
            i,
            sequence.contextLength());
      }
    }
    System.arraycopy(chain, first, contexts, firstToken, sequence.tokens().length);
  }

  private int tokenOf(StepSequence sequence, int token) {
    return tokenOf[0][slot(0, sequence, token)];
  }

  private int slot(int group, StepSequence sequence, int token) {
    int block = sequence.blocks(group)[token / blockSize];
    check(block >= 0, "no block that has been freed is read (group, token)", group, token);
    return block * blockSize + token % blockSize;
  }

  /** A slot, or a block, of a group. */
  private record Slot(int group, int number) {}

  @Override
  public void close() {
    closed = true;
  }

  private float logit(long context, int token) {
    long bits = mix(context ^ mix(seed + token));
    return (float) ((bits >>> 40) * 0x1.0p-24 * 8 - 4);
  }

  /** An element of the hidden state behind a context: a whole number, so that sums are exact. */
  private float hiddenState(long context, int element) {
    return mix(context ^ mix(seed - 1 - element)) >> 54;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static void check(boolean condition, String rule, int... values) {
    if (!condition) {
      throw new AssertionError("broken rule: " + rule + "; values " + Arrays.toString(values));
    }
  }

  private final class FakeLogits extends HostLogits {
    private final StepBatch batch;
    private final long[] contexts;
    private final long step;

    FakeLogits(StepBatch batch, long[] contexts, long step) {
      super(batch.logits(), config.vocabularySize());
      this.batch = batch;
      this.contexts = contexts;
      this.step = step;
    }

    @Override
    public void readRow(int row, float[] target) {
      for (int i = 0; i < config.vocabularySize(); i++) {
        target[i] = logit(row, i);
      }
    }

    @Override
    public float logit(int row, int column) {
      check(step == steps, "the logits that are read are the last step's");
      return FakeModelRunner.this.logit(contexts[batch.logits().get(row).token()], column);
    }

    @Override
    public void readPooled(int request, float[] target) {
      check(step == steps, "the hidden states that are read are the last step's");
      PoolingRequest pooled = batch.pooling().get(request);
      for (int i = 0; i < config.hiddenSize(); i++) {
        double sum = 0;
        for (int t = 0; t < pooled.tokenCount(); t++) {
          sum += hiddenState(contexts[pooled.firstToken() + t], i);
        }
        target[i] = (float) sum;
      }
    }
  }
}
