package io.nightshift.connectors.jsonl.input;

import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.files.ParallelReads;
import io.nightshift.connectors.input.FolderColumns;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.input.InputFile;
import io.nightshift.connectors.input.InputFiles;
import io.nightshift.connectors.input.InputReach;
import io.nightshift.connectors.input.ListedFile;
import io.nightshift.connectors.input.ListedFiles;
import io.nightshift.connectors.input.PartialColumn;
import io.nightshift.connectors.jsonl.decode.JsonLinesFormat;
import io.nightshift.connectors.jsonl.decode.JsonObjectParser;
import io.nightshift.connectors.jsonl.decode.LineParser;
import io.nightshift.connectors.jsonl.decode.TextLineParser;
import io.nightshift.connectors.source.BatchFormat;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.FileSplit;
import io.nightshift.connectors.source.SplitPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * JSON Lines files, inspected before a job runs: every line has been parsed, so that the number of
 * each is known wherever a file is cut, and columns have the types of all their values.
 *
 * <p>A row is a line that is not blank, and its number is that of the line in the file. A line that
 * is malformed is a row whose values cannot be read; it says nothing about types. A key that no
 * line of some file has is null there.
 */
public final class JsonLinesInputs implements InputFiles {
  /** What is read at a time when files are inspected, and later by a task. */
  private static final long RANGE_BYTES = 32L << 20;

  private final List<JsonLinesFile> files;
  private final LineColumns columns;
  private final LineParser parser;
  private final InputReach reach;

  private JsonLinesInputs(
      List<JsonLinesFile> files, LineColumns columns, LineParser parser, InputReach reach) {
    this.files = files;
    this.columns = columns;
    this.parser = parser;
    this.reach = reach;
  }

  /**
   * Lists the files and reads all of their lines, each a JSON object whose keys are columns.
   *
   * @param paths files, folders or globs on any of Flink's file systems; a file that several of
   *     them cover is read once
   * @throws FileReadException naming a path or file that cannot be read, or the first line of a
   *     file that has lines, but none that is a JSON object
   */
  public static JsonLinesInputs inspect(List<String> paths) throws IOException {
    return inspect(paths, JsonObjectParser.ofAllColumns(), new ObservedType(), RANGE_BYTES);
  }

  /**
   * Lists the files and counts their lines, each the value of one text column, whatever it holds.
   *
   * @param paths as for {@link #inspect(List)}
   * @param column name of the column
   * @throws FileReadException naming a path or file that cannot be read
   */
  public static JsonLinesInputs inspectText(List<String> paths, String column) throws IOException {
    return inspect(paths, new TextLineParser(column), ObservedType.ofTexts(column), RANGE_BYTES);
  }

  /**
   * @param columns that there are whatever the lines hold
   * @param rangeBytes what is read at a time
   */
  static JsonLinesInputs inspect(
      List<String> paths, LineParser parser, ObservedType columns, long rangeBytes)
      throws IOException {
    ListedFiles listed = ListedFiles.of(paths);
    List<LineScan.Part> parts = new ArrayList<>();
    for (ListedFile file : listed.files()) {
      parts.addAll(LineScan.Part.of(file, rangeBytes));
    }
    List<LineScan> scans = ParallelReads.map(parts, part -> part.scan(parser));
    ScannedFiles scanned = ScannedFiles.of(listed.files(), parts, scans);
    List<Field> folders = FolderColumns.of(scanned.files());
    columns.merge(scanned.columns());
    return new JsonLinesInputs(
        scanned.files(),
        new LineColumns(scanned.files(), columns, folders),
        parser,
        listed.reach());
  }

  @Override
  public List<JsonLinesFile> files() {
    return files;
  }

  @Override
  public JsonLinesInputs only(Predicate<InputFile> wanted) {
    List<JsonLinesFile> some = files.stream().filter(wanted).toList();
    return new JsonLinesInputs(some, columns, parser, reach);
  }

  @Override
  public InputReach reach() {
    return reach;
  }

  @Override
  public Set<String> columnNames() {
    return columns.names();
  }

  @Override
  public List<PartialColumn> partialColumns() {
    return List.of();
  }

  @Override
  public InputColumns select() throws FileReadException {
    return columns.select(List.copyOf(columns.names()));
  }

  @Override
  public InputColumns select(List<String> names) throws FileReadException {
    return columns.select(names);
  }

  @Override
  public BatchFormat format(BatchLayout layout) {
    return new JsonLinesFormat(layout, parser.only(layout.fileColumns()));
  }

  @Override
  public List<FileSplit> splits(long splitBytes) {
    List<FileSplit> splits = new ArrayList<>();
    for (JsonLinesFile file : files) {
      long line = 0;
      for (JsonLinesFile.Range range : file.ranges()) {
        if (range.rows() > 0) {
          splits.add(
              new FileSplit(
                  file.path(),
                  file.length(),
                  file.modificationTime(),
                  file.folders(),
                  range.start(),
                  range.end(),
                  new SplitPosition(range.start(), line)));
        }
        line += range.lines();
      }
    }
    return splits;
  }
}
