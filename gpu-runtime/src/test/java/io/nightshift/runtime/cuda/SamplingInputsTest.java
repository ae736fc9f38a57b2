package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.cuda.SamplingInputs.DeviceChunk;
import io.nightshift.runtime.cuda.kernels.SamplingRows;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepBounds;
import io.nightshift.runtime.runner.StepInputs;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.runner.TokenSampling;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the sampling kernels read of a step's requests. */
class SamplingInputsTest {
  private static final int VOCABULARY = 1000;
  private static final int WORDS = StepInputs.ofSeenTokens(VOCABULARY);

  private static final ToIntFunction<TokenMask> NO_MASKS =
      mask -> {
        throw new AssertionError("no row is constrained");
      };

  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
  private final StepBuffer buffer = new StepBuffer(bytes, 0);

  private static SamplingParameters penalty(double penalty) {
    return new SamplingParameters(0, 0, 1, 0, penalty, 0, 1, List.of(), false, false);
  }

  private static ForwardBatch batch(List<TokenSampling> samplings, int requestsBefore) {
    List<StepSequence> sequences = new ArrayList<>();
    List<LogitsRequest> requests = new ArrayList<>();
    for (int i = 0; i < samplings.size(); i++) {
      TokenSampling sampling = samplings.get(i);
      int last = sampling.context()[sampling.contextLength() - 1];
      sequences.add(new StepSequence(new int[] {last}, 1, new int[] {i}, null));
      requests.add(LogitsRequest.sampled(i, sampling));
    }
    return new ForwardBatch(
        new StepBatch(sequences, List.of(), requests),
        new StepBounds(VOCABULARY, 1600, 16, 100),
        requestsBefore);
  }

  @Test
  void theTokensOfContextsOfAnyLengthAreBitSets() {
    Random random = new Random(4);
    List<TokenSampling> samplings = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      // Together more than 2^20 tokens.
      int[] context = random.ints(60_000, 0, 300 + 10 * i).toArray();
      samplings.add(new TokenSampling(penalty(i % 3 == 0 ? 1 : 1.5), context, 55_000, 7));
    }
    SamplingInputs inputs = new SamplingInputs(batch(samplings, 0), VOCABULARY);
    assertThat(inputs.possible()).isTrue();

    List<DeviceChunk> chunks = inputs.pack(buffer, 40, 16, null, NO_MASKS);

    assertThat(chunks).hasSize(3);
    for (DeviceChunk chunk : chunks) {
      assertThat(chunk.unknown().rows()).isZero();
      for (int row = 0; row < chunk.rows(); row++) {
        TokenSampling sampling = samplings.get(chunk.firstRow() + row);
        BitSet expected = new BitSet();
        IntStream.of(sampling.context()).limit(55_000).forEach(expected::set);
        int bitSet = bitSetOf(chunk, row);
        if (sampling.parameters().repetitionPenalty() == 1) {
          assertThat(bitSet).isEqualTo(SamplingRows.NO_BIT_SET);
        } else {
          assertThat(bits(chunk, bitSet)).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void tokensThatTheStepBeforeSamplesAreListedWithTheirBitSet() {
    TokenSampling plain = new TokenSampling(penalty(1), new int[] {1, 2}, 2, 0);
    ForwardBatch before = batch(List.of(plain, plain, plain), 0);
    int last = StepSequence.sampledBefore(2);
    List<TokenSampling> samplings =
        List.of(
            plain,
            new TokenSampling(penalty(1.1), new int[] {5, 5, 9}, 3, 1),
            new TokenSampling(penalty(1.1), new int[] {31, 32, last}, 3, 1));
    SamplingInputs inputs = new SamplingInputs(batch(samplings, 3), VOCABULARY);

    DeviceChunk chunk = inputs.pack(buffer, 3, 16, before, NO_MASKS).get(0);

    assertThat(bits(chunk, bitSetOf(chunk, 1)))
        .isEqualTo(BitSet.valueOf(new long[] {1 << 5 | 1 << 9}));
    assertThat(bits(chunk, bitSetOf(chunk, 2)).stream()).containsExactly(31, 32);
    assertThat(chunk.unknown().rows()).isEqualTo(1);
    assertThat(bytes.getInt((int) chunk.unknown().address())).isEqualTo(bitSetOf(chunk, 2));
    assertThat(bytes.getInt((int) chunk.unknown().address() + 4)).isEqualTo(-1 - 2);
  }

  @Test
  void constrainedRowsNameTheBitSetOfTheirMaskAndTheOthersNone() {
    TokenSampling free = new TokenSampling(penalty(1), new int[] {1}, 1, 0);
    TokenMask mask = new TokenMask(new long[] {2});
    TokenMask other = new TokenMask(new long[] {4});
    List<TokenSampling> samplings =
        List.of(masked(mask), free, masked(other), masked(mask), masked(null));
    SamplingInputs inputs = new SamplingInputs(batch(samplings, 0), VOCABULARY);
    assertThat(inputs.isConstrained()).isTrue();
    assertThat(new SamplingInputs(batch(List.of(free), 0), VOCABULARY).isConstrained()).isFalse();

    List<DeviceChunk> chunks = inputs.pack(buffer, 6, 4, null, placed -> placed == mask ? 70 : 71);

    assertThat(IntStream.range(0, 4).map(row -> maskOf(chunks.get(0), row)))
        .containsExactly(70, SamplingRows.NO_BIT_SET, 71, 70);
    assertThat(IntStream.range(0, 2).map(row -> maskOf(chunks.get(1), row)))
        .containsOnly(SamplingRows.NO_BIT_SET);
  }

  private static TokenSampling masked(@Nullable TokenMask mask) {
    return new TokenSampling(penalty(1), new int[] {1}, 1, 0, () -> mask);
  }

  @Test
  void onlyChunksAndRowsThatWantTheMostProbableTokensAskForThem() {
    SamplingParameters plain = SamplingParameters.greedy(1);
    List<TokenSampling> samplings = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      SamplingParameters parameters =
          i == 18 || i == 25 ? plain.withTopLogprobs(i - 15) : plain.withTopLogprobs(0);
      samplings.add(new TokenSampling(parameters, new int[] {i}, 1, 0));
    }
    SamplingInputs inputs = new SamplingInputs(batch(samplings, 0), VOCABULARY);

    List<DeviceChunk> chunks = inputs.pack(buffer, 40, 16, null, NO_MASKS);

    assertThat(inputs.topLogprobsRows()).isEqualTo(26);
    assertThat(chunks)
        .extracting(DeviceChunk::wantsTopLogprobs)
        .containsExactly(false, true, false);
    int topLogprobs = SamplingRows.BYTES - 2 * Integer.BYTES;
    int first = (int) chunks.get(1).parameters().address() + topLogprobs;
    for (int row = 0; row < 16; row++) {
      assertThat(bytes.getInt(first + row * SamplingRows.BYTES))
          .isEqualTo(row == 2 ? 3 : row == 9 ? 10 : 0);
    }
  }

  private int bitSetOf(DeviceChunk chunk, int row) {
    return rowInt(chunk, row, 4 * Double.BYTES + Long.BYTES + 2 * Integer.BYTES);
  }

  private int maskOf(DeviceChunk chunk, int row) {
    return rowInt(chunk, row, 4 * Double.BYTES + Long.BYTES + 3 * Integer.BYTES);
  }

  private int rowInt(DeviceChunk chunk, int row, int offset) {
    return bytes.getInt((int) chunk.parameters().address() + row * SamplingRows.BYTES + offset);
  }

  private BitSet bits(DeviceChunk chunk, int bitSet) {
    int start = (int) chunk.seenTokens().address() + bitSet * WORDS * Integer.BYTES;
    return BitSet.valueOf(bytes.slice(start, WORDS * Integer.BYTES));
  }
}
