package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.cuda.kernels.AttentionPlanner;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.TokenRows;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Packs a step's inputs for the device: what to compute, and where it lies. */
final class StepPacker {
  /** The slot of a token whose keys and values are not kept. */
  private static final int NOWHERE = -1;

  private final AttentionPlanner planner;
  private final int maxTokens;

  StepPacker(AttentionPlanner planner, int maxTokens) {
    this.planner = planner;
    this.maxTokens = maxTokens;
  }

  /**
   * Whether a step can be packed so that others have the same addresses and counts: one that only
   * decodes, since then they depend on little more than its size.
   */
  boolean canRepeat(ForwardBatch layout) {
    return layout.logitsRows().size() == layout.tokens()
        && layout.copies().isEmpty()
        && rounded(layout.tokens()) <= maxTokens;
  }

  /** The number of list entries, tokens for instance, that a repeating step has instead. */
  static int rounded(int count) {
    return count == 0 ? 0 : Gemm.roundRows(count);
  }

  /**
   * Packs a step. Token ids that the step before samples are named by their row there, {@code -1 -
   * row}.
   *
   * @param before the step before, if it is in flight
   * @param repeats whether lists get lengths that repeat. The step then has tokens without a slot,
   *     attention or a use, as many as its products compute anyway
   */
  DeviceStep pack(
      ForwardBatch layout, @Nullable ForwardBatch before, boolean repeats, StepBuffer buffer) {
    TokenRows logitsRows = layout.logitsRows();
    int tokens = repeats ? rounded(layout.tokens()) : layout.tokens();
    int[] tokenIds = new int[tokens];
    int[] positions = new int[tokens];
    int[] slots = new int[tokens];
    Arrays.fill(slots, NOWHERE);
    boolean known = true;
    for (int token = 0; token < layout.tokens(); token++) {
      tokenIds[token] = rowOfSampled(layout.tokenId(token), before);
      known &= tokenIds[token] >= 0;
      positions[token] = layout.position(token);
      slots[token] = layout.slotMapping()[token];
    }
    return new DeviceStep(
        tokens,
        buffer.add(tokenIds),
        known,
        buffer.add(positions),
        buffer.add(slots),
        buffer.add(
            layout.copies().stream()
                .flatMapToInt(copy -> IntStream.of(copy.source(), copy.target(), copy.tokens()))
                .toArray()),
        layout.copies().size(),
        DeviceAttention.pack(
            planner.plan(layout, layout.allRows()),
            buffer,
            repeats ? StepPacker::rounded : IntUnaryOperator.identity()),
        logitsRows.size() == layout.tokens() ? null : logitsRows(layout, logitsRows, buffer),
        logitsRows.size() == layout.tokens() ? tokens : logitsRows.size());
  }

  /** A token id, or instead of a request of the step before the row of its token there. */
  static int rowOfSampled(int tokenId, @Nullable ForwardBatch before) {
    return tokenId >= 0 || before == null ? tokenId : -1 - before.logitsRow(-1 - tokenId);
  }

  private DeviceStep.LogitsRows logitsRows(
      ForwardBatch layout, TokenRows logitsRows, StepBuffer buffer) {
    return new DeviceStep.LogitsRows(
        buffer.add(logitsRows.tokens()),
        buffer.add(IntStream.of(logitsRows.tokens()).map(layout::position).toArray()),
        DeviceAttention.pack(
            planner.plan(layout, logitsRows), buffer, IntUnaryOperator.identity()));
  }
}
