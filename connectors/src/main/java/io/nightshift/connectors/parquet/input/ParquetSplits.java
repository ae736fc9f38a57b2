package io.nightshift.connectors.parquet.input;

import io.nightshift.connectors.parquet.input.ParquetInputFile.RowGroup;
import io.nightshift.connectors.source.FileSplit;
import io.nightshift.connectors.source.SplitPosition;
import java.util.ArrayList;
import java.util.List;

/** Cuts files into splits at row groups. */
final class ParquetSplits {
  private ParquetSplits() {}

  /**
   * Splits of at least one row group each, and of at most {@code splitBytes} compressed bytes if
   * they have several. Row groups without rows at the end of a file belong to no split.
   */
  static List<FileSplit> of(List<ParquetInputFile> files, long splitBytes) {
    List<FileSplit> splits = new ArrayList<>();
    for (ParquetInputFile file : files) {
      int first = 0;
      long bytes = 0;
      long rows = 0;
      for (int i = 0; i < file.rowGroups().size(); i++) {
        RowGroup rowGroup = file.rowGroups().get(i);
        if (rows > 0 && bytes + rowGroup.bytes() > splitBytes) {
          splits.add(split(file, first, i));
          first = i;
          bytes = 0;
          rows = 0;
        }
        bytes += rowGroup.bytes();
        rows += rowGroup.rows();
      }
      if (rows > 0) {
        splits.add(split(file, first, file.rowGroups().size()));
      }
    }
    return splits;
  }

  private static FileSplit split(ParquetInputFile file, int firstRowGroup, int endRowGroup) {
    return new FileSplit(
        file.path(),
        file.length(),
        file.modificationTime(),
        file.folders(),
        firstRowGroup,
        endRowGroup,
        new SplitPosition(firstRowGroup, 0));
  }
}
