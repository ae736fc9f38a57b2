package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.MatMul;
import io.nightshift.runtime.cpu.onednn.MatMul.DenseWeights;
import io.nightshift.runtime.cpu.onednn.MatMul.Epilogue;
import io.nightshift.runtime.cpu.onednn.MatMul.PostOperation;
import io.nightshift.runtime.cpu.onednn.MatMul.Scaling;
import io.nightshift.runtime.cpu.onednn.MatMul.WeightLayout;
import io.nightshift.runtime.cpu.onednn.MatMulType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Dense input rows of linear layers, in the element type of their weights, and what quantized
 * weights need besides: the sums of the rows' groups. Owned by one worker.
 */
final class LinearInput implements AutoCloseable {
  private static final Epilogue PLAIN =
      new Epilogue(false, false, Scaling.NONE, PostOperation.NONE);

  /** The bits of a bf16 1, twice. */
  private static final float TWO_BF16_ONES = Float.intBitsToFloat(0x3F80_3F80);

  private final KernelCache kernels;
  private final FloatScratch ones = new FloatScratch("ones that sum groups");
  private final FloatScratch sums = new FloatScratch("sums of groups");
  private final FloatScratch rounded = new FloatScratch("bf16 sums of groups");
  private @Nullable LinearInput groups;
  private MatMulType type = MatMulType.F32;
  private long address;
  private int rows;
  private int inputs;

  /** Element type of {@link #ones}. */
  private MatMulType onesType = MatMulType.F32;

  /** Group size of {@link #sums}; 0 if they are not computed yet. */
  private int summed;

  LinearInput(KernelCache kernels) {
    this.kernels = kernels;
  }

  /** Native bytes for tiles of {@code rows} rows of {@code inputs} elements. */
  static long bytes(int rows, int inputs) {
    int groups = (inputs + LinearFormat.MIN_GROUP - 1) / LinearFormat.MIN_GROUP;
    return (inputs + 2L * rows * groups) * Float.BYTES;
  }

  /**
   * Sets the rows. Their memory must not change while they are used.
   *
   * @param address of the first row
   * @param rows a multiple of four ({@link TilePlan#roundRows})
   * @param inputs elements of a row
   */
  LinearInput set(MatMulType type, long address, int rows, int inputs) {
    this.type = type;
    this.address = address;
    this.rows = rows;
    this.inputs = inputs;
    summed = 0;
    return this;
  }

  long address() {
    return address;
  }

  int rows() {
    return rows;
  }

  /**
   * The sums of the rows' groups of {@code groupSize} elements.
   *
   * @return rows of {@code inputs / groupSize} sums; valid until the next call of {@link #set}
   */
  LinearInput groupSums(int groupSize) {
    if (summed != groupSize) {
      sumGroups(groupSize, inputs / groupSize);
    }
    if (groups == null) {
      groups = new LinearInput(kernels);
    }
    long sumRows = type == MatMulType.F32 ? sums.address() : rounded.address();
    return groups.set(type, sumRows, rows, inputs / groupSize);
  }

  private void sumGroups(int groupSize, int count) {
    reserveOnes(groupSize);
    sums.reserve((long) rows * count);
    // The groups of all rows are the rows of a matrix, which is multiplied by a column of ones.
    DenseWeights column = new DenseWeights(WeightLayout.PLAIN, type);
    kernels
        .matMul(new MatMul(rows * count, groupSize, 1, 1, column, PLAIN))
        .run(address, ones.address(), sums.address());
    if (type == MatMulType.BF16) {
      rounded.reserve(((long) rows * count + 1) / 2);
      kernels.toBf16(rows, count).run(sums.address(), rounded.address());
    }
    summed = groupSize;
  }

  private void reserveOnes(int count) {
    if (ones.buffer().capacity() < count || onesType != type) {
      onesType = type;
      float[] values = new float[count];
      Arrays.fill(values, type == MatMulType.F32 ? 1 : TWO_BF16_ONES);
      ones.reserve(count).buffer().put(0, values);
    }
  }

  @Override
  public void close() {
    ones.close();
    sums.close();
    rounded.close();
  }
}
