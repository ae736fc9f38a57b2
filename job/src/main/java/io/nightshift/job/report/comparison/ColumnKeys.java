package io.nightshift.job.report.comparison;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.report.answers.OutputScan;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/**
 * Rows are the same if a column has the same value, written as text: 5 is 5 in any type.
 *
 * @param column kept from the input
 */
record ColumnKeys(String column) implements RowKeys {
  @Override
  public List<String> columns() {
    return List.of(column);
  }

  @Override
  public void requireIn(String output, OutputScan rows) throws IOException {
    if (!rows.columns().contains(column)) {
      throw new InvalidJobException(
          "%s has no column %s for --key: keep it with output.columns; the output has %s"
              .formatted(output, column, String.join(", ", rows.columns())));
    }
    ArrowType type = rows.field(column).getType();
    if (!isKey(type)) {
      throw new InvalidJobException(
          "column %s of %s is of type %s: --key takes a column of texts, integers, decimals, dates or times"
              .formatted(column, output, type));
    }
  }

  private static boolean isKey(ArrowType type) {
    return switch (type.getTypeID()) {
      case Utf8, LargeUtf8, Int, Decimal, Date, Time, Timestamp -> true;
      default -> false;
    };
  }

  @Override
  public IntFunction<@Nullable RowKey> of(VectorSchemaRoot batch) {
    FieldVector values = batch.getVector(column);
    return row -> values.isNull(row) ? null : new RowKey(String.valueOf(values.getObject(row)), 0);
  }

  @Override
  public String text(RowKey key) {
    return "%s in column %s".formatted(key.text(), column);
  }

  @Override
  public String remedy() {
    return "no value of column %s is in both".formatted(column);
  }
}
