package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.MatMul;
import io.nightshift.runtime.cpu.onednn.MatMul.DenseWeights;
import io.nightshift.runtime.cpu.onednn.MatMul.Epilogue;
import io.nightshift.runtime.cpu.onednn.MatMul.PostOperation;
import io.nightshift.runtime.cpu.onednn.MatMul.Scaling;
import io.nightshift.runtime.cpu.onednn.MatMul.WeightLayout;
import io.nightshift.runtime.cpu.onednn.MatMulType;
import io.nightshift.runtime.cpu.onednn.MemoryCopy;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Input rows of linear layers in the element type of their weights, and what quantized weights need
 * besides: the sums of the rows' groups. Owned by one worker.
 */
final class LinearInput implements AutoCloseable {
  private static final Epilogue PLAIN =
      new Epilogue(false, false, Scaling.NONE, PostOperation.NONE);

  /** A column of ones for the sum of a group. */
  private static final DenseWeights COLUMN = new DenseWeights(WeightLayout.PLAIN, MatMulType.F32);

  private final KernelCache kernels;
  private final MemoryCopy memory = new MemoryCopy();
  private final FloatScratch rounded = new FloatScratch("bf16 rows of a tile");
  private final FloatScratch ones = new FloatScratch("ones that sum groups");
  private final FloatScratch sums = new FloatScratch("sums of groups");
  private @Nullable LinearInput groups;
  private long source;
  private long address;
  private int rows;
  private int inputs;
  private MatMulType type = MatMulType.F32;

  /** Group size of {@link #sums}; 0 if they are not computed yet. */
  private int summed;

  LinearInput(KernelCache kernels) {
    this.kernels = kernels;
  }

  /** Native bytes for tiles of {@code rows} rows of at most {@code inputs} elements. */
  static long bytes(int rows, int inputs) {
    int groups = (inputs + LinearFormat.MIN_GROUP - 1) / LinearFormat.MIN_GROUP;
    return (inputs + (long) rows * groups) * Float.BYTES
        + rows * (bf16Bytes(inputs) + bf16Bytes(groups));
  }

  private static long bf16Bytes(int inputs) {
    return (long) MatMulType.BF16.stride(inputs) * MatMulType.BF16.bytes();
  }

  /**
   * Sets the rows. Their memory must not change while they are used.
   *
   * @param type of the weights
   * @param source address of dense f32 rows
   * @param rows a multiple of four ({@link TilePlan#roundRows})
   * @param inputs elements of a row
   */
  LinearInput set(MatMulType type, long source, int rows, int inputs) {
    this.type = type;
    this.source = source;
    this.rows = rows;
    this.inputs = inputs;
    address = type == MatMulType.F32 ? source : rounded();
    summed = 0;
    return this;
  }

  private long rounded() {
    long bytes = rows * bf16Bytes(inputs);
    rounded.reserve(bytes / Float.BYTES);
    if (MatMulType.BF16.stride(inputs) > inputs) {
      memory.clear(rounded.address(), bytes);
    }
    kernels.toBf16(rows, inputs).run(source, rounded.address());
    return rounded.address();
  }

  /** Address of the first row. Rows have the stride {@link MatMulType#stride}. */
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
    if (groups == null) {
      groups = new LinearInput(kernels);
    }
    if (summed != groupSize) {
      int count = inputs / groupSize;
      sumGroups(groupSize, rows * count);
      groups.set(type, sums.address(), rows, count);
      summed = groupSize;
    }
    return groups;
  }

  /**
   * The groups of all rows are the rows of a matrix, which is multiplied by a column of ones. They
   * are summed in f32: padding would separate the groups of bf16 rows.
   */
  private void sumGroups(int groupSize, int count) {
    if (ones.buffer().capacity() < groupSize) {
      float[] values = new float[groupSize];
      Arrays.fill(values, 1);
      ones.reserve(groupSize).buffer().put(0, values);
    }
    sums.reserve(count);
    kernels
        .matMul(new MatMul(count, groupSize, 1, 1, COLUMN, PLAIN))
        .run(source, ones.address(), sums.address());
  }

  @Override
  public void close() {
    rounded.close();
    ones.close();
    sums.close();
    if (groups != null) {
      groups.close();
    }
  }
}
