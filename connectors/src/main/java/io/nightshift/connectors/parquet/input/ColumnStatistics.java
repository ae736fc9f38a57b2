package io.nightshift.connectors.parquet.input;

import io.nightshift.connectors.input.HiveFolders;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/** What the statistics in a footer prove about a column's values. */
final class ColumnStatistics {
  private final List<BlockMetaData> rowGroups;

  ColumnStatistics(List<BlockMetaData> rowGroups) {
    this.rowGroups = rowGroups.stream().filter(rowGroup -> rowGroup.getRowCount() > 0).toList();
  }

  /**
   * Whether a column is null in every row. For nested columns this is known only if there are no
   * rows.
   */
  boolean haveNoValues(Type column) {
    return rowGroups.isEmpty()
        || (column.isPrimitive()
            && chunks(column).allMatch(chunk -> nulls(chunk) == chunk.getValueCount()));
  }

  /** Whether a column has the value of a folder in every row; null stands for Hive's null. */
  boolean haveOnly(Type column, @Nullable String value) {
    if (value == null) {
      return haveNoValues(column);
    }
    return rowGroups.isEmpty()
        || (column.isPrimitive()
            && chunks(column).allMatch(chunk -> hasOnly(chunk.getStatistics(), value)));
  }

  private Stream<ColumnChunkMetaData> chunks(Type column) {
    return rowGroups.stream()
        .flatMap(rowGroup -> rowGroup.getColumns().stream())
        .filter(chunk -> chunk.getPath().size() == 1)
        .filter(chunk -> chunk.getPath().toArray()[0].equals(column.getName()));
  }

  private static long nulls(ColumnChunkMetaData chunk) {
    Statistics<?> statistics = chunk.getStatistics();
    return statistics == null ? -1 : statistics.getNumNulls();
  }

  private static boolean hasOnly(@Nullable Statistics<?> statistics, String value) {
    return statistics != null
        && statistics.hasNonNullValue()
        && statistics.getNumNulls() == 0
        && statistics.minAsString().equals(statistics.maxAsString())
        && isSame(statistics.minAsString(), value);
  }

  private static boolean isSame(String value, String folder) {
    return value.equals(folder)
        || (HiveFolders.isInteger(value)
            && HiveFolders.isInteger(folder)
            && Long.parseLong(value) == Long.parseLong(folder));
  }
}
