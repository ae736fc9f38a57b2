package io.nightshift.runtime.cuda.peer;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.gemm.Gemm;

/**
 * How ranks add their partial sums, outputs of the same GEMM of {@code rows} rows on each.
 *
 * <p>In one shot, each leaves them in its own memory, and completes all rows with what it reads
 * from the others. In two shots, the rows are divided among the ranks: each leaves the partial sums
 * of a row in the memory of the rank that completes it, whose output goes to all.
 *
 * @param group the ranks
 * @param arena the allocation with all activations
 * @param weights the allocation of the weights, with the scales of the channels
 */
public record PeerSums(PeerGroup group, PeerOffsets arena, PeerOffsets weights) {
  /**
   * Least number of rows that are divided. Fewer take less time to read than ranks to wait for one
   * another twice, and GEMMs of a part of them would read the weights for too few rows.
   */
  private static final int MIN_DIVIDED_ROWS = 2048;

  /**
   * The rows that each rank completes, the last one fewer; 0 if each completes all. A rounded
   * number, so that the GEMM of a rank's rows ends before those of the next.
   */
  public int ownRows(int rows) {
    return rows < MIN_DIVIDED_ROWS ? 0 : ownRowsOf(rows, group.degree());
  }

  private static int ownRowsOf(int rows, int degree) {
    return Gemm.roundRows((rows + degree - 1) / degree);
  }

  /** Rows of the ranks together, of which each has a rounded number. */
  public static int paddedRows(int rows, int degree) {
    return degree * ownRowsOf(rows, degree);
  }

  /**
   * Where this rank leaves partial sums of the rows that another one completes.
   *
   * @param sums bf16 {@code [padded rows][hidden]} in the arena
   */
  public DeviceMatrix inbox(DeviceMatrix sums, int owner, int ownRows) {
    DeviceMatrix here = sums.rows((long) group.rank() * ownRows, ownRows);
    return new DeviceMatrix(
        here.address() + arena.bytes().get(owner), ownRows, here.columns(), here.type());
  }
}
