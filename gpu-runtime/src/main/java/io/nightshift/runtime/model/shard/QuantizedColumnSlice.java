package io.nightshift.runtime.model.shard;

import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.QuantizedTensor;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorType;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;

/** Some columns of a quantized matrix that are whole groups, or part of one. */
final class QuantizedColumnSlice implements QuantizedTensor {
  private final QuantizedTensor whole;
  private final Slice columns;
  private final Quantization quantization;
  private final Slice groups;
  private final ColumnSlice raw;

  private QuantizedColumnSlice(
      QuantizedTensor whole, Slice columns, Quantization quantization, int firstGroup) {
    this.whole = whole;
    this.columns = columns;
    this.quantization = quantization;
    groups = new Slice(firstGroup, quantization.groupCount(columns.count()));
    raw = new ColumnSlice(whole, columns);
  }

  /** Empty if the columns divide a group with others, or columns say their groups one by one. */
  static Optional<Tensor> of(QuantizedTensor whole, Slice columns) {
    Quantization all = whole.quantization();
    return encoding(all, columns, whole.columns())
        .map(
            encoding ->
                new QuantizedColumnSlice(
                    whole, columns, encoding, columns.first() / all.groupSize()));
  }

  /** The encoding of some columns; empty if they have none, as {@link #of} says. */
  static Optional<Quantization> encoding(Quantization all, Slice columns, int allColumns) {
    if (!(all.groups() instanceof Quantization.ColumnGroups.Consecutive)) {
      return Optional.empty();
    }
    int size = all.groupSize();
    int end = columns.first() + columns.count();
    if ((end - 1) / size == columns.first() / size) {
      return Optional.of(new Quantization(all.codes(), columns.count(), all.hasOffsets()));
    }
    boolean wholeGroups = columns.first() % size == 0 && (end % size == 0 || end == allColumns);
    return wholeGroups ? Optional.of(all) : Optional.empty();
  }

  @Override
  public String name() {
    return whole.name();
  }

  @Override
  public TensorType type() {
    return raw.type();
  }

  @Override
  public int rows() {
    return whole.rows();
  }

  @Override
  public int columns() {
    return columns.count();
  }

  @Override
  public Quantization quantization() {
    return quantization;
  }

  @Override
  public void readCodes(int row, byte[] target, int offset) {
    Objects.checkFromIndexSize(offset, columns(), target.length);
    byte[] all = new byte[whole.columns()];
    whole.readCodes(row, all, 0);
    System.arraycopy(all, columns.first(), target, offset, columns());
  }

  @Override
  public void readGroups(int row, float[] scales, float[] offsets) {
    int all = whole.quantization().groupCount(whole.columns());
    float[] allScales = new float[all];
    float[] allOffsets = new float[all];
    whole.readGroups(row, allScales, allOffsets);
    System.arraycopy(allScales, groups.first(), scales, 0, groups.count());
    System.arraycopy(allOffsets, groups.first(), offsets, 0, groups.count());
  }

  @Override
  public ByteBuffer rawRow(int row) {
    return raw.rawRow(row);
  }
}
