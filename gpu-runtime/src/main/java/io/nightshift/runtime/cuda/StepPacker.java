package io.nightshift.runtime.cuda;

import static io.nightshift.runtime.cuda.kernels.AttentionPlan.MERGE_INTS;
import static io.nightshift.runtime.cuda.kernels.AttentionPlan.PIECE_INTS;
import static io.nightshift.runtime.cuda.kernels.AttentionPlan.ROW_INTS;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.cuda.kernels.AttentionPlan;
import io.nightshift.runtime.cuda.kernels.AttentionPlanner;
import io.nightshift.runtime.cuda.kernels.DeviceAttentionPlan;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.TokenRows;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Packs a step's inputs for the device. */
final class StepPacker {
  /** The slot of a token whose keys and values are not stored. */
  private static final int NO_SLOT = -1;

  /** Ints of a block copy: source, target, and number of tokens. */
  private static final int COPY_INTS = 3;

  /** Ints of a pooling request: first row, and number of rows. */
  private static final int POOLING_INTS = 2;

  private final List<AttentionPlanner> planners;
  private final AttentionPlanner lastPlanner;
  private final int maxTokens;

  /**
   * @param planners for each of the model's {@link ModelConfig#cacheGroups}
   * @param last index of the last layer's planner
   */
  StepPacker(List<AttentionPlanner> planners, int last, int maxTokens) {
    this.planners = planners;
    lastPlanner = planners.get(last);
    this.maxTokens = maxTokens;
  }

  /**
   * Whether a step can be packed so that others have the same addresses and counts: one that only
   * decodes, since its addresses and counts depend on little more than its size.
   */
  boolean canRepeat(ForwardBatch batch) {
    return batch.logitsRows().size() == batch.tokens()
        && batch.copies().isEmpty()
        && batch.pooling().isEmpty()
        && rounded(batch.tokens()) <= maxTokens;
  }

  /** The number to which a repeating step pads a list, for instance of tokens. */
  static int rounded(int count) {
    return count == 0 ? 0 : Gemm.roundRows(count);
  }

  /**
   * Packs a step. Token ids that the step before samples are named by their row there, {@code -1 -
   * row}.
   *
   * @param number number of the step
   * @param before the step before, if it is in flight
   * @param repeats whether lists are padded to lengths that repeat. The step then has tokens
   *     without slot, attention or use, as many as its GEMMs compute anyway
   */
  DeviceStep pack(
      long number,
      ForwardBatch batch,
      @Nullable ForwardBatch before,
      boolean repeats,
      StepBuffer buffer) {
    DeviceVector place = buffer.addBytes(Long.BYTES, bytes -> bytes.putLong(number));
    TokenRows logitsRows = batch.logitsRows();
    DeviceStep.Tokens tokens =
        tokens(batch, before, repeats ? rounded(batch.tokens()) : batch.tokens(), buffer);
    List<DeviceMatrix> copies =
        IntStream.range(0, planners.size())
            .mapToObj(group -> buffer.add(copies(batch, group)).asRows(COPY_INTS))
            .toList();
    List<AttentionPlan> plans =
        planners.stream().map(planner -> planner.plan(batch, batch.allRows())).toList();
    IntUnaryOperator padding = repeats ? StepPacker::rounded : IntUnaryOperator.identity();
    List<DeviceAttentionPlan> attention =
        plans.stream().map(plan -> attention(plan, padding, buffer)).toList();
    DeviceStep.LogitsRows kept =
        logitsRows.size() == batch.tokens() ? null : logitsRows(batch, logitsRows, buffer);
    DeviceMatrix pooled = buffer.add(pooling(batch)).asRows(POOLING_INTS);
    // They come last, so that their length moves no other list.
    DeviceVector blockTables = buffer.addUnbounded(blockTables(plans));
    return new DeviceStep(place, tokens, copies, attention, blockTables, kept, pooled);
  }

  private static int[] blockTables(List<AttentionPlan> plans) {
    int length = plans.get(0).blockTables().length;
    int[] all = Arrays.copyOf(plans.get(0).blockTables(), plans.size() * length);
    for (int group = 1; group < plans.size(); group++) {
      System.arraycopy(plans.get(group).blockTables(), 0, all, group * length, length);
    }
    return all;
  }

  private static int[] copies(ForwardBatch batch, int group) {
    return batch.copies().stream()
        .filter(copy -> copy.group() == group)
        .flatMapToInt(copy -> IntStream.of(copy.source(), copy.target(), copy.tokens()))
        .toArray();
  }

  private static int[] pooling(ForwardBatch batch) {
    int[] ranges = new int[batch.pooling().size() * POOLING_INTS];
    for (int request = 0; request < batch.pooling().size(); request++) {
      ranges[POOLING_INTS * request] = batch.pooledRow(request);
      ranges[POOLING_INTS * request + 1] = batch.pooling().get(request).tokenCount();
    }
    return ranges;
  }

  private DeviceStep.Tokens tokens(
      ForwardBatch batch, @Nullable ForwardBatch before, int count, StepBuffer buffer) {
    int[] ids = new int[count];
    int[] positions = new int[count];
    boolean known = true;
    for (int token = 0; token < batch.tokens(); token++) {
      ids[token] = rowOfSampled(batch.tokenId(token), before);
      known &= ids[token] >= 0;
      positions[token] = batch.rotaryPosition(token);
    }
    List<DeviceVector> slots =
        IntStream.range(0, planners.size())
            .mapToObj(group -> buffer.add(slots(batch, group, count)))
            .toList();
    return new DeviceStep.Tokens(buffer.add(ids), known, buffer.add(positions), slots);
  }

  private static int[] slots(ForwardBatch batch, int group, int count) {
    int[] slots = Arrays.copyOf(batch.slotMapping(group), count);
    Arrays.fill(slots, batch.tokens(), count, NO_SLOT);
    return slots;
  }

  /** A token id as it is; for a request of the step before, the row of its token there. */
  static int rowOfSampled(int tokenId, @Nullable ForwardBatch before) {
    return tokenId >= 0 || before == null ? tokenId : -1 - before.logitsRow(-1 - tokenId);
  }

  private DeviceStep.LogitsRows logitsRows(
      ForwardBatch batch, TokenRows logitsRows, StepBuffer buffer) {
    return new DeviceStep.LogitsRows(
        buffer.add(logitsRows.tokens()),
        buffer.add(IntStream.of(logitsRows.tokens()).map(batch::rotaryPosition).toArray()),
        attention(lastPlanner.plan(batch, logitsRows), IntUnaryOperator.identity(), buffer));
  }

  /**
   * Packs the attention of some rows.
   *
   * @param padding pads the length of a list; kernels skip the zeros that are added
   */
  private static DeviceAttentionPlan attention(
      AttentionPlan plan, IntUnaryOperator padding, StepBuffer buffer) {
    List<DeviceMatrix> pieces =
        plan.pieces().stream().map(list -> addRows(list, PIECE_INTS, padding, buffer)).toList();
    return new DeviceAttentionPlan(
        pieces,
        buffer.addPadded(plan.rows(), padding.applyAsInt(plan.rows().length)).asRows(ROW_INTS),
        buffer.addUnbounded(plan.treeMasks()),
        addRows(plan.merges().list(), MERGE_INTS, padding, buffer),
        buffer.addPadded(
            plan.merges().sources(), padding.applyAsInt(plan.merges().sources().length)));
  }

  private static DeviceMatrix addRows(
      int[] list, int columns, IntUnaryOperator padding, StepBuffer buffer) {
    int rows = padding.applyAsInt(list.length / columns);
    return buffer.addPadded(list, rows * columns).asRows(columns);
  }
}
