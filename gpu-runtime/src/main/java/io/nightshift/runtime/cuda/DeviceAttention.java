package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.kernels.AttentionPlan;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An {@link AttentionPlan} on the device: addresses of its lists, and their lengths.
 *
 * @param pieces address of the pieces of each tile height
 * @param pieceCounts their numbers
 */
record DeviceAttention(
    List<Long> pieces,
    List<Integer> pieceCounts,
    long rows,
    long treeMasks,
    long blockTables,
    long merges,
    int mergeCount,
    long mergeSources) {

  /** Packs a plan. */
  static DeviceAttention pack(AttentionPlan plan, StepBuffer buffer) {
    return new DeviceAttention(
        plan.pieces().stream().map(buffer::add).toList(),
        IntStream.range(0, plan.pieces().size()).mapToObj(plan::pieceCount).toList(),
        buffer.add(plan.rows()),
        buffer.add(plan.treeMasks()),
        buffer.add(plan.blockTables()),
        buffer.add(plan.merges()),
        plan.mergeCount(),
        buffer.add(plan.mergeSources()));
  }
}
