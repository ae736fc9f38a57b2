package io.nightshift.connectors.parquet.output;

import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.files.ParallelReads;
import io.nightshift.connectors.parquet.file.ParquetFile;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.fs.FileStatus;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;

/** Counts of rows and of a column's values, read from footers. */
public final class FooterCounts {
  private FooterCounts() {}

  /**
   * Counts the values of a column that are not null.
   *
   * @throws FileReadException naming a file that is not Parquet or lacks the statistics
   */
  public static long nonNull(List<FileStatus> files, String column) throws IOException {
    return ParallelReads.map(files, file -> nonNull(file, column)).stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  /**
   * Counts the rows of Parquet files.
   *
   * @throws FileReadException naming a file that is not Parquet
   */
  public static long rows(List<FileStatus> files) throws IOException {
    return ParallelReads.map(files, FooterCounts::rows).stream().mapToLong(Long::longValue).sum();
  }

  private static long rows(FileStatus status) throws IOException {
    try (ParquetFile file = ParquetFile.open(status.getPath(), status.getLen())) {
      return file.rowGroups().stream().mapToLong(BlockMetaData::getRowCount).sum();
    }
  }

  private static long nonNull(FileStatus status, String column) throws IOException {
    long count = 0;
    try (ParquetFile file = ParquetFile.open(status.getPath(), status.getLen())) {
      for (BlockMetaData rowGroup : file.rowGroups()) {
        for (ColumnChunkMetaData chunk : rowGroup.getColumns()) {
          if (chunk.getPath().toDotString().equals(column)) {
            long nulls = chunk.getStatistics().getNumNulls();
            if (nulls < 0) {
              throw FileReadException.ofColumn(
                  file.name(), column, "has no count of its nulls in the footer");
            }
            count += rowGroup.getRowCount() - nulls;
          }
        }
      }
    }
    return count;
  }
}
