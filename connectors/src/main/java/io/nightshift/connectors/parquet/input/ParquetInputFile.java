package io.nightshift.connectors.parquet.input;

import io.nightshift.connectors.input.InputFile;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file, with its state when the job was submitted.
 *
 * @param path with its file system's scheme
 * @param length in bytes
 * @param modificationTime in milliseconds since the epoch, as the file system reports it
 * @param folders the {@code key=value} folders between the input path and the file; null for Hive's
 *     null
 * @param rowGroups in the order of the file
 */
public record ParquetInputFile(
    String path,
    long length,
    long modificationTime,
    Map<String, @Nullable String> folders,
    List<RowGroup> rowGroups)
    implements InputFile, Serializable {

  public ParquetInputFile {
    folders = Collections.unmodifiableMap(new TreeMap<>(folders));
    rowGroups = List.copyOf(rowGroups);
  }

  @Override
  public long rows() {
    return rowGroups.stream().mapToLong(RowGroup::rows).sum();
  }

  /**
   * A row group of the file.
   *
   * @param rows how many
   * @param bytes compressed, of all columns
   */
  public record RowGroup(long rows, long bytes) implements Serializable {}
}
