package io.nightshift.runtime.cuda;

import static io.nightshift.runtime.cuda.kernels.AttentionPlan.MERGE_INTS;
import static io.nightshift.runtime.cuda.kernels.AttentionPlan.PIECE_INTS;

import io.nightshift.runtime.cuda.kernels.AttentionPlan;
import java.util.List;
import java.util.function.IntUnaryOperator;
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
    long merges,
    int mergeCount,
    long mergeSources,
    long blockTables) {

  /**
   * Packs a plan.
   *
   * @param padding makes a list's length one that repeats; kernels pass over the zeros that are
   *     added. Block tables come last, so that only their length has no influence on addresses
   */
  static DeviceAttention pack(AttentionPlan plan, StepBuffer buffer, IntUnaryOperator padding) {
    List<Integer> pieceCounts =
        IntStream.range(0, plan.pieces().size())
            .map(height -> padding.applyAsInt(plan.pieceCount(height)))
            .boxed()
            .toList();
    int mergeCount = padding.applyAsInt(plan.mergeCount());
    return new DeviceAttention(
        IntStream.range(0, pieceCounts.size())
            .mapToObj(
                height ->
                    buffer.addPadded(
                        plan.pieces().get(height), pieceCounts.get(height) * PIECE_INTS))
            .toList(),
        pieceCounts,
        addPadded(plan.rows(), buffer, padding),
        buffer.add(plan.treeMasks()),
        buffer.addPadded(plan.merges(), mergeCount * MERGE_INTS),
        mergeCount,
        addPadded(plan.mergeSources(), buffer, padding),
        buffer.add(plan.blockTables()));
  }

  private static long addPadded(int[] numbers, StepBuffer buffer, IntUnaryOperator padding) {
    return buffer.addPadded(numbers, padding.applyAsInt(numbers.length));
  }
}
