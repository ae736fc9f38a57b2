package io.nightshift.runtime.cuda;

import org.jspecify.annotations.Nullable;

/**
 * A step as the kernels see it: addresses of its inputs on the device.
 *
 * @param tokens tokens of the step
 * @param tokenIds address of a token id for each token, or {@code -1 - row} for the token that the
 *     step before has sampled for a row
 * @param tokenIdsKnown whether all are token ids
 * @param positions address of a position for each token
 * @param slots address of the slot for each token's keys and values
 * @param copies address of the block copies
 * @param copyCount block copies
 * @param attention of all tokens
 * @param logits rows whose output is read; null where every token's is
 * @param logitsRowCount rows whose output is read
 */
record DeviceStep(
    int tokens,
    long tokenIds,
    boolean tokenIdsKnown,
    long positions,
    long slots,
    long copies,
    int copyCount,
    DeviceAttention attention,
    @Nullable LogitsRows logitsRows,
    int logitsRowCount) {

  /**
   * The rows that the last layer goes on with.
   *
   * @param tokens address of the index of each row's token in the step
   * @param positions address of each row's position
   * @param attention of these rows
   */
  record LogitsRows(long tokens, long positions, DeviceAttention attention) {}
}
