package io.nightshift.runtime.cuda;

import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.kernels.SamplingRows;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.StepInputs;
import io.nightshift.runtime.runner.TokenSampling;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The sampling inputs of a step, packed for the sampling kernels. Rows of logits are computed in
 * chunks, as many at a time as the arena has room for; each chunk has its own cells to gather and
 * bit sets of tokens to penalize.
 */
final class SamplingInputs {
  /** Maximum number of logits that are gathered in a step. */
  static final int MAX_CELLS = 1 << 20;

  private static final SamplingParameters GREEDY = SamplingParameters.greedy(1);

  private final ForwardBatch batch;
  private final @Nullable TokenSampling[] samplings;
  private final int[] firstGathered;
  private final int vocabularySize;
  private final boolean hasTooManyCells;
  private boolean possible = true;
  private int gatheredCount;

  /**
   * One chunk on the device.
   *
   * @param firstRow the chunk's first logits row
   * @param parameters {@code [rows][64 bytes]}, as {@link SamplingRows} writes them
   * @param wantsTopLogprobs whether a row wants its most probable tokens
   * @param gathered int {@code [cells][2]}: row in the chunk and column of each logit to gather
   * @param firstGathered number of logits that the chunks before it gather
   * @param seenTokens bit sets of tokens, one for each row that penalizes them
   * @param unknown int {@code [tokens][2]}: bit set and token of each token that must be added to a
   *     bit set, because the step before samples it
   */
  record DeviceChunk(
      int firstRow,
      DeviceMatrix parameters,
      boolean wantsTopLogprobs,
      DeviceMatrix gathered,
      int firstGathered,
      DeviceMatrix seenTokens,
      DeviceMatrix unknown) {

    int rows() {
      return parameters.rowCount();
    }
  }

  SamplingInputs(ForwardBatch batch, int vocabularySize) {
    this.batch = batch;
    this.vocabularySize = vocabularySize;
    samplings = new TokenSampling[batch.logitsRows().size()];
    firstGathered = new int[batch.logits().size()];
    for (int i = 0; i < batch.logits().size(); i++) {
      LogitsRequest request = batch.logits().get(i);
      TokenSampling sampling = request.sampling();
      if (sampling != null) {
        int row = batch.logitsRow(i);
        possible &= samplings[row] == null;
        samplings[row] = sampling;
      }
      possible &= !request.wantsRow();
    }
    // Gathered logits are in the order of the logits rows, and so of the chunks.
    long gathered = 0;
    for (int i : requestsByRow()) {
      int[] columns = batch.logits().get(i).columns();
      firstGathered[i] = (int) gathered;
      gathered += columns == null ? 0 : columns.length;
      possible &= gathered <= MAX_CELLS;
    }
    hasTooManyCells = gathered > MAX_CELLS;
    gatheredCount = possible ? (int) gathered : 0;
  }

  /** Whether a token is sampled under a constraint, so that the inputs can be packed only late. */
  boolean isConstrained() {
    return Arrays.stream(samplings)
        .anyMatch(sampling -> sampling != null && sampling.constraint() != null);
  }

  /** Whether the device cannot serve the requests because they gather too many logits. */
  boolean hasTooManyCells() {
    return hasTooManyCells;
  }

  /**
   * Whether the device can serve all requests. Otherwise, for instance if a request reads whole
   * rows of logits, the rows are copied to the host.
   */
  boolean possible() {
    return possible;
  }

  int gatheredCount() {
    return gatheredCount;
  }

  /** Index of a request's first gathered logit. */
  int firstGathered(int request) {
    return firstGathered[request];
  }

  /** Number of the first rows that include all that want their most probable tokens. */
  int topLogprobsRows() {
    return IntStream.range(0, samplings.length)
        .filter(this::wantsTopLogprobs)
        .map(row -> row + 1)
        .max()
        .orElse(0);
  }

  private boolean wantsTopLogprobs(int row) {
    TokenSampling sampling = sampling(row);
    return sampling != null && sampling.parameters().topLogprobs() > 0;
  }

  private static boolean penalizes(@Nullable TokenSampling sampling) {
    return sampling != null && sampling.parameters().repetitionPenalty() != 1;
  }

  private int[] requestsByRow() {
    return IntStream.range(0, batch.logits().size())
        .boxed()
        .sorted(Comparator.comparingInt(batch::logitsRow))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * Packs the inputs of the kernels, chunk by chunk. The chunks are empty if the host gets the
   * rows.
   *
   * @param rowCount number of logits rows, which may be padded
   * @param chunkRows maximum number of rows of a chunk
   * @param before the step before, if it was in flight when this one was submitted
   * @param masks places a mask and returns the index of its bit set; called for constrained rows
   */
  List<DeviceChunk> pack(
      StepBuffer buffer,
      int rowCount,
      int chunkRows,
      @Nullable ForwardBatch before,
      ToIntFunction<TokenMask> masks) {
    int[] order = possible ? requestsByRow() : new int[0];
    List<DeviceChunk> chunks = new ArrayList<>();
    int next = 0;
    int gathered = 0;
    for (int first = 0; first < rowCount; first += chunkRows) {
      int rows = Math.min(chunkRows, rowCount - first);
      IntPairs cells = new IntPairs();
      while (next < order.length && batch.logitsRow(order[next]) < first + rows) {
        int request = order[next++];
        int[] columns = batch.logits().get(request).columns();
        if (columns != null) {
          for (int column : columns) {
            cells.add(batch.logitsRow(request) - first, column);
          }
        }
      }
      int firstRow = first;
      IntPairs unknown = new IntPairs();
      chunks.add(
          new DeviceChunk(
              first,
              buffer
                  .addBytes(
                      rows * SamplingRows.BYTES, bytes -> writeRows(bytes, firstRow, rows, masks))
                  .asRows(SamplingRows.BYTES),
              IntStream.range(first, first + rows).anyMatch(this::wantsTopLogprobs),
              cells.addTo(buffer),
              gathered,
              addSeenTokens(buffer, first, rows, before, unknown),
              unknown.addTo(buffer)));
      gathered += cells.count;
    }
    return chunks;
  }

  /** Packs the bit sets of the rows of a chunk that penalize. */
  private DeviceMatrix addSeenTokens(
      StepBuffer buffer, int first, int rows, @Nullable ForwardBatch before, IntPairs unknown) {
    int[] bits = new int[StepInputs.ofSeenTokens(vocabularySize)];
    int bitSets =
        (int) IntStream.range(first, first + rows).filter(row -> penalizes(sampling(row))).count();
    return buffer
        .addBytes(
            Math.multiplyExact(bitSets, bits.length * Integer.BYTES),
            bytes -> {
              IntBuffer target = bytes.asIntBuffer();
              for (int row = first; row < first + rows; row++) {
                TokenSampling sampling = sampling(row);
                if (sampling != null && penalizes(sampling)) {
                  Arrays.fill(bits, 0);
                  setSeenTokens(bits, sampling, target.position() / bits.length, before, unknown);
                  target.put(bits);
                }
              }
            })
        .asRows(bits.length * Integer.BYTES);
  }

  private static void setSeenTokens(
      int[] bits,
      TokenSampling sampling,
      int bitSet,
      @Nullable ForwardBatch before,
      IntPairs unknown) {
    for (int i = 0; i < sampling.contextLength(); i++) {
      int token = StepPacker.rowOfSampled(sampling.context()[i], before);
      if (token < 0) {
        unknown.add(bitSet, token);
      } else {
        bits[token / Integer.SIZE] |= 1 << token % Integer.SIZE;
      }
    }
  }

  private void writeRows(ByteBuffer target, int first, int rows, ToIntFunction<TokenMask> masks) {
    int bitSets = 0;
    for (int row = 0; row < rows; row++) {
      TokenSampling sampling = sampling(first + row);
      TokenMask mask = sampling == null ? null : sampling.mask();
      SamplingRows.put(
          target,
          sampling == null ? GREEDY : sampling.parameters(),
          sampling == null ? 0 : sampling.outputPosition(),
          penalizes(sampling) ? bitSets++ : SamplingRows.NO_BIT_SET,
          mask == null ? SamplingRows.NO_BIT_SET : masks.applyAsInt(mask));
    }
  }

  private @Nullable TokenSampling sampling(int row) {
    return possible && row < samplings.length ? samplings[row] : null;
  }

  /** A growing list of pairs. */
  private static final class IntPairs {
    private int[] numbers = new int[64];
    private int count;

    void add(int first, int second) {
      if (2 * count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * numbers.length);
      }
      numbers[2 * count] = first;
      numbers[2 * count + 1] = second;
      count++;
    }

    DeviceMatrix addTo(StepBuffer buffer) {
      return buffer.add(numbers, 2 * count).asRows(2);
    }
  }
}
