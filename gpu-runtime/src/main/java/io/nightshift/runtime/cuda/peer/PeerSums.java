package io.nightshift.runtime.cuda.peer;

import io.nightshift.runtime.cuda.device.DeviceVector;

/**
 * Where a rank finds the partial sums of the others, and how many rows of them it completes.
 *
 * @param group the ranks
 * @param arenaOffsets of the allocation with all activations ({@link PeerGroup#share})
 * @param channelOffsets of the allocation of the weights, with the scales of the channels
 */
public record PeerSums(PeerGroup group, DeviceVector arenaOffsets, DeviceVector channelOffsets) {
  /**
   * Least number of rows that are divided among the ranks. For fewer rows, the second time that
   * ranks wait for one another takes longer than what it saves.
   */
  private static final int MIN_DIVIDED_ROWS = 512;

  /** The rows that each rank completes; 0 if they are not divided. */
  public int ownRows(int rows) {
    return rows < MIN_DIVIDED_ROWS ? 0 : (rows + group.degree() - 1) / group.degree();
  }
}
