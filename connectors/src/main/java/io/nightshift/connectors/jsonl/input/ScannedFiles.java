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
   * @throws FileReadException naming the first line of a file in which all are malformed
   */
  static ScannedFiles of(List<ListedFile> listed, List<LineScan.Part> parts, List<LineScan> scans)
      throws FileReadException {
    List<JsonLinesFile> files = new ArrayList<>();
    ObservedType columns = new ObservedType();
    int part = 0;
    for (ListedFile file : listed) {
      List<LineScan> ofFile = new ArrayList<>();
      for (; part < parts.size() && parts.get(part).file() == file; part++) {
        ofFile.add(scans.get(part));
      }
      ofFile.forEach(scan -> columns.merge(scan.columns()));
      JsonLinesFile scanned = file(file, ofFile);
      report(scanned, ofFile);
      files.add(scanned);
    }
    return new ScannedFiles(List.copyOf(files), columns);
  }

  private static JsonLinesFile file(ListedFile file, List<LineScan> scans)
      throws FileReadException {
    return new JsonLinesFile(
        file.path(),
        file.status().getLen(),
        file.status().getModificationTime(),
        file.folderValues(),
        scans.stream().map(LineScan::range).filter(range -> range.lines() > 0).toList());
  }

  private static void report(JsonLinesFile file, List<LineScan> scans) throws FileReadException {
    long malformed = scans.stream().mapToLong(LineScan::malformed).sum();
    if (malformed == 0) {
      return;
    }
    long before = 0;
    LineScan.@Nullable Problem first = null;
    for (int i = 0; first == null; i++) {
      first = scans.get(i).firstMalformed();
      before += first == null ? scans.get(i).range().lines() : first.line();
    }
    FileReadException failure =
        new FileReadException(file.path(), "line %s, %s".formatted(before + 1, first.text()));
    if (malformed == file.rows()) {
      throw failure;
    }
    LOG.warn(
        "{} of {} lines are malformed and become rows with an error; the first is {}",
        malformed,
        file.rows(),
        failure.getMessage());
  }
}
