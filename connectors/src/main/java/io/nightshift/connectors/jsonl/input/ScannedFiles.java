package io.nightshift.connectors.jsonl.input;

import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.input.ListedFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the scans of an input's parts say together.
 *
 * @param files in their order
 * @param columns types of the values of all rows
 */
record ScannedFiles(List<JsonLinesFile> files, ObservedType columns) {
  private static final Logger LOG = LoggerFactory.getLogger(ScannedFiles.class);

  /**
   * @param parts of all files, in order
   * @param scans one for each part
   * @throws FileReadException naming the first line, if all are malformed
   */
  static ScannedFiles of(List<ListedFile> listed, List<LineScan.Part> parts, List<LineScan> scans)
      throws FileReadException {
    List<JsonLinesFile> files = new ArrayList<>();
    ObservedType columns = new ObservedType();
    long malformed = 0;
    long rows = 0;
    @Nullable FileReadException firstMalformed = null;
    int part = 0;
    for (ListedFile file : listed) {
      List<JsonLinesFile.Range> ranges = new ArrayList<>();
      long lines = 0;
      for (; part < parts.size() && parts.get(part).file() == file; part++) {
        LineScan scan = scans.get(part);
        columns.merge(scan.columns());
        malformed += scan.malformed();
        LineScan.@Nullable Problem first = scan.firstMalformed();
        if (firstMalformed == null && first != null) {
          firstMalformed =
              new FileReadException(
                  file.path(), "line %s, %s".formatted(lines + first.line() + 1, first.text()));
        }
        if (scan.range().lines() > 0) {
          ranges.add(scan.range());
        }
        lines += scan.range().lines();
        rows += scan.range().rows();
      }
      files.add(
          new JsonLinesFile(
              file.path(),
              file.status().getLen(),
              file.status().getModificationTime(),
              file.folderValues(),
              ranges));
    }
    report(malformed, rows, firstMalformed);
    return new ScannedFiles(List.copyOf(files), columns);
  }

  private static void report(long malformed, long rows, @Nullable FileReadException first)
      throws FileReadException {
    if (first == null) {
      return;
    }
    if (malformed == rows) {
      throw first;
    }
    LOG.warn(
        "{} of {} lines are malformed and will be rows with an error; the first is {}",
        malformed,
        rows,
        first.getMessage());
  }
}
