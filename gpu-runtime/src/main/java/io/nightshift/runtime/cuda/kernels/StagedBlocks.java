package io.nightshift.runtime.cuda.kernels;

/** Blocks of the KV cache and their places in a staging buffer, as a kernel takes them by value. */
public final class StagedBlocks {
  /** Maximum number of blocks. */
  public static final int MOST = 128;

  private static final int FIELDS = 2;

  private final int[] values = new int[MOST * FIELDS];
  private int count;

  /** Removes all blocks. */
  public void clear() {
    count = 0;
  }

  /**
   * Adds a block.
   *
   * @param block number of the block
   * @param offset bytes from the start of the staging buffer
   * @throws IndexOutOfBoundsException if there are {@value #MOST} already
   */
  public void add(int block, int offset) {
    values[count * FIELDS] = block;
    values[count * FIELDS + 1] = offset;
    count++;
  }

  /** Number of blocks. */
  public int count() {
    return count;
  }

  /** {@code [MOST][2: block, offset]}, of which the first {@link #count} are set. */
  int[] values() {
    return values;
  }
}
