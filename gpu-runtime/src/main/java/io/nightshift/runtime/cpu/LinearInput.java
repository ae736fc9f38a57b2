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
  private final FloatScratch products = new FloatScratch("products of offsets");
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
    return (inputs + 2L * rows * groups + (long) rows * PackedLinear.SLICE_COLUMNS) * Float.BYTES;
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
   * Multiplies the sums of the rows' groups of {@code groupSize} elements by {@code offsets}.
   *
   * @return address of a dense matrix {@code [rows, offsets.columns()]}, valid until the next call
   */
  long multiplyGroupSums(int groupSize, DenseSlice offsets) {
    int groups = inputs / groupSize;
    if (summed != groupSize) {
      sumGroups(groupSize, groups);
    }
    products.reserve((long) rows * offsets.columns());
    DenseWeights weights = new DenseWeights(WeightLayout.PACKED, type);
    kernels
        .matMul(new MatMul(rows, groups, offsets.columns(), offsets.columns(), weights, PLAIN))
        .run(
            type == MatMulType.F32 ? sums.address() : rounded.address(),
            offsets.address(),
            products.address());
    return products.address();
  }

  private void sumGroups(int groupSize, int groups) {
    reserveOnes(groupSize);
    sums.reserve((long) rows * groups);
    // The groups of all rows are the rows of a matrix, which is multiplied by a column of ones.
    DenseWeights column = new DenseWeights(WeightLayout.PLAIN, type);
    kernels
        .matMul(new MatMul(rows * groups, groupSize, 1, 1, column, PLAIN))
        .run(address, ones.address(), sums.address());
    if (type == MatMulType.BF16) {
      rounded.reserve(((long) rows * groups + 1) / 2);
      kernels.toBf16(rows, groups).run(sums.address(), rounded.address());
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
    products.close();
  }
}
