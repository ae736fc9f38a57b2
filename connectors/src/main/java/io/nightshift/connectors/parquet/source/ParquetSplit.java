package io.nightshift.connectors.parquet.source;

import io.nightshift.connectors.parquet.decode.RowPosition;
import io.nightshift.connectors.parquet.input.ParquetInputFile;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.connector.source.SourceSplit;
import org.jspecify.annotations.Nullable;

/**
 * A range of a file's row groups, and how far it has been read.
 *
 * @param path of the file
 * @param length of the file in bytes when the job was submitted
 * @param modificationTime of the file when the job was submitted, in milliseconds since the epoch
 * @param folders the {@code key=value} folders above the file; null for Hive's null
 * @param firstRowGroup index of the first row group
 * @param endRowGroup index after the last row group
 * @param position the next row to be read
 */
public record ParquetSplit(
    String path,
    long length,
    long modificationTime,
    Map<String, @Nullable String> folders,
    int firstRowGroup,
    int endRowGroup,
    RowPosition position)
    implements SourceSplit {

  public ParquetSplit {
    folders = Collections.unmodifiableMap(new TreeMap<>(folders));
  }

  /**
   * The row groups from {@code firstRowGroup} to {@code endRowGroup} (exclusive), from their first
   * row.
   */
  static ParquetSplit of(ParquetInputFile file, int firstRowGroup, int endRowGroup) {
    return new ParquetSplit(
        file.path(),
        file.length(),
        file.modificationTime(),
        file.folders(),
        firstRowGroup,
        endRowGroup,
        RowPosition.startOf(firstRowGroup));
  }

  ParquetSplit at(RowPosition next) {
    return new ParquetSplit(
        path, length, modificationTime, folders, firstRowGroup, endRowGroup, next);
  }

  @Override
  public String splitId() {
    return path + "#" + firstRowGroup + "-" + endRowGroup;
  }
}
