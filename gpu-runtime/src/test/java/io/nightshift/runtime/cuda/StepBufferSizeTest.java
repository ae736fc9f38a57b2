package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.kernels.AttentionPlanner;
import io.nightshift.runtime.cuda.kernels.AttentionShape;
import io.nightshift.runtime.model.CacheGroupTest;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.PlainLlama;
import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.PoolingRequest;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepBounds;
import io.nightshift.runtime.runner.StepInputs;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.runner.TokenSampling;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The largest steps of all kinds, packed into a buffer of the size that is planned for them. */
class StepBufferSizeTest {
  private static final int VOCABULARY = 128_256;
  private static final int POSITIONS = 131_072;
  private static final ModelConfig MODEL =
      PlainLlama.config(2, 512, 8, 2, 64, 1024, VOCABULARY, POSITIONS, 1);
  private static final EngineConfig OPTIONS =
      EngineConfig.cuda().withBlockSize(4).withMaxStepTokens(8192);
  private static final int BLOCKS = POSITIONS / 4;

  private static int pack(StepBatch step, EngineConfig options) {
    return pack(MODEL, step, options);
  }

  private static int pack(ModelConfig model, StepBatch step, EngineConfig options) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(StepBufferSize.bytes(model, options))
            .order(ByteOrder.LITTLE_ENDIAN);
    StepBuffer buffer = new StepBuffer(bytes, 1 << 20);
    List<BlockGroup> groups =
        model.cacheGroups().stream()
            .map(group -> new BlockGroup(group.slidingWindow(), BLOCKS))
            .toList();
    List<AttentionPlanner> planners =
        IntStream.range(0, groups.size())
            .mapToObj(
                group ->
                    new AttentionPlanner(
                        new AttentionShape(64, 4, false, true),
                        2,
                        options.blockSize(),
                        group,
                        groups.get(group).slidingWindow(),
                        132,
                        StepArena.maxPartials(options)))
            .toList();
    StepPacker packer =
        new StepPacker(planners, model.cacheGroup(model.layerCount() - 1), options.maxStepTokens());
    ForwardBatch batch =
        new ForwardBatch(step, new StepBounds(VOCABULARY, POSITIONS, options.blockSize(), groups));
    SamplingInputs sampling = new SamplingInputs(batch, VOCABULARY);
    assertThat(sampling.possible()).isTrue();
    boolean repeats = packer.canRepeat(batch);
    int rows = batch.logitsRows().size();
    sampling.pack(
        buffer,
        repeats ? StepPacker.rounded(rows) : rows,
        StepArena.logitsRows(options),
        null,
        mask -> 0);
    packer.pack(1, batch, null, repeats, buffer);
    return buffer.size();
  }

  /** Decodes that share all blocks but the last. */
  private static StepBatch decodes(int count, int context, double penalty) {
    SamplingParameters parameters =
        new SamplingParameters(0, 0, 1, 0, penalty, 0, 1, List.of(), false, false);
    int[] tokens = IntStream.range(0, context).map(i -> i % VOCABULARY).toArray();
    TokenSampling sampling = new TokenSampling(parameters, tokens, context, 0);
    int[] blocks = IntStream.range(0, (context + 3) / 4).toArray();
    List<StepSequence> sequences = new ArrayList<>();
    List<LogitsRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] own = blocks.clone();
      own[own.length - 1] = BLOCKS - 1 - i;
      sequences.add(new StepSequence(new int[] {i}, context, own, null));
      requests.add(LogitsRequest.sampled(i, sampling));
    }
    return new StepBatch(sequences, List.of(), requests);
  }

  @Test
  void asManyLongContextsAsTheRunnerTakesFitAndTheNumberThatFailedDoesNot() {
    long room = StepBufferSize.stepInputs(MODEL, OPTIONS);
    int most = (int) (room / BLOCKS);
    assertThat(most).isEqualTo(256);

    assertThat(pack(decodes(most, POSITIONS, 1), OPTIONS)).isGreaterThan(most * BLOCKS * 4);
    assertThatThrownBy(() -> pack(decodes(1024, POSITIONS, 1), OPTIONS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("more than the");
  }

  @Test
  void penaltiesOfMoreThanAMillionContextTokensFit() {
    int context = 40_000;
    long perRow = context / 4 + StepInputs.ofSeenTokens(VOCABULARY);
    int rows = (int) (StepBufferSize.stepInputs(MODEL, OPTIONS) / perRow);
    assertThat((long) rows * context).isGreaterThan(20L << 20);

    assertThat(pack(decodes(rows, context, 1.2), OPTIONS)).isPositive();
  }

  @Test
  void aStepFullOfDecodesFits() {
    assertThat(pack(decodes(8192, 1000, 1), OPTIONS)).isPositive();
    EngineConfig smallChunks = OPTIONS.withLogitsRows(8);
    assertThat(pack(decodes(8192, 1000, 1), smallChunks)).isPositive();
    EngineConfig smallSteps = OPTIONS.withMaxStepTokens(8);
    assertThat(pack(decodes(8, POSITIONS, 1.2), smallSteps)).isPositive();
  }

  @Test
  void aStepFullOfDecodesHasAPlanForEachWindow() {
    ModelConfig model = CacheGroupTest.withWindows(MODEL, 4096, 0);

    assertThat(pack(model, decodes(8192, 1000, 1), OPTIONS))
        .isGreaterThan(pack(decodes(8192, 1000, 1), OPTIONS));
  }

  @Test
  void theLargestTreeFitsBehindTheLongestContext() {
    int nodes = 8191;
    int[] parents = IntStream.range(-1, nodes - 1).toArray();
    int[] tokens = new int[nodes + 1];
    int context = POSITIONS - nodes;
    int[] blocks = IntStream.range(0, BLOCKS).toArray();
    List<LogitsRequest> requests =
        IntStream.rangeClosed(0, nodes)
            .filter(token -> token % 2 == 0)
            .mapToObj(token -> LogitsRequest.scored(token, new int[] {1, 2}, true))
            .toList();
    StepSequence sequence = new StepSequence(tokens, context, blocks, parents);

    assertThat(pack(new StepBatch(List.of(sequence), List.of(), requests), OPTIONS))
        .isGreaterThan((int) StepInputs.ofTree(nodes) * Integer.BYTES);
  }

  @Test
  void chunksOfManyPromptsFit() {
    List<StepSequence> sequences = new ArrayList<>();
    List<LogitsRequest> requests = new ArrayList<>();
    int[] blocks = IntStream.range(0, BLOCKS).toArray();
    for (int i = 0; i < 128; i++) {
      int[] tokens = new int[64];
      Arrays.fill(tokens, i);
      sequences.add(new StepSequence(tokens, POSITIONS - 5 * i, blocks, null));
      requests.add(LogitsRequest.scored(64 * i + 63, new int[] {1, 2, 3}, true));
    }

    assertThat(pack(new StepBatch(sequences, List.of(), requests), OPTIONS)).isPositive();
  }

  @Test
  void aStepFullOfPooledTokensFits() {
    List<StepSequence> sequences = new ArrayList<>();
    List<PoolingRequest> pooling = new ArrayList<>();
    for (int i = 0; i < 8192; i++) {
      sequences.add(new StepSequence(new int[] {i}, 1, new int[] {i}, null));
      pooling.add(new PoolingRequest(i, 1));
    }

    assertThat(pack(new StepBatch(sequences, List.of(), List.of(), pooling), OPTIONS)).isPositive();
  }

  @Test
  void aStepThatNoBufferHoldsIsRefusedByName() {
    assertThatThrownBy(() -> StepBufferSize.bytes(MODEL, OPTIONS.withMaxStepTokens(20_000_000)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("Steps of 20000000 tokens")
        .hasMessageContaining("make the step smaller");
  }

  @Test
  void rowsOfLogitsThatNoBufferHoldsLieInSeveral() {
    assertThat(PinnedRows.rowsOfBuffer(VOCABULARY)).isEqualTo(4185);
    assertThat(4185L * VOCABULARY * Float.BYTES).isLessThanOrEqualTo(Integer.MAX_VALUE);
  }
}
