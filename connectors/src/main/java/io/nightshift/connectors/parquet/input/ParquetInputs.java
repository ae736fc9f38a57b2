package io.nightshift.connectors.parquet.input;

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
import io.nightshift.connectors.source.BatchFormat;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.FileSplit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.core.fs.FileStatus;

/**
 * The files of an input, inspected before a job runs: every footer has been read, so that an
 * unreadable file or an incompatible column is found before any work is done.
 *
 * <p>All files have the same columns. If they have one of the name of a folder's key, its values
 * must be those of the folders.
 *
 * <p>If a column is an integer, a float or a decimal of different widths, the widest one is used; a
 * file in which the column is null in every row may have it with any type. Only selected columns
 * are checked: others may be duplicated, of another type, or unreadable.
 */
public final class ParquetInputs implements InputFiles {
  private final List<InspectedFile> files;

  /** The files that determine the columns, which may be more than those that are read. */
  private final List<InspectedFile> inspected;

  private final List<Field> folderFields;
  private final InputReach reach;

  private ParquetInputs(
      List<InspectedFile> files,
      List<InspectedFile> inspected,
      List<Field> folderFields,
      InputReach reach) {
    this.files = files;
    this.inspected = inspected;
    this.folderFields = folderFields;
    this.reach = reach;
  }

  /**
   * Lists the files and reads their footers.
   *
   * @param paths files, folders or globs on any of Flink's file systems; a file that several of
   *     them cover is read once
   * @throws FileReadException naming the path or file that cannot be read
   */
  public static ParquetInputs inspect(String... paths) throws IOException {
    return inspect(Arrays.asList(paths));
  }

  /** As {@link #inspect(String...)}. */
  public static ParquetInputs inspect(List<String> paths) throws IOException {
    ListedFiles listing = ListedFiles.of(paths);
    List<InspectedFile> files = readFooters(listing.files());
    return new ParquetInputs(
        files,
        files,
        FolderColumns.of(files.stream().map(InspectedFile::file).toList()),
        listing.reach());
  }

  /**
   * Reads the footers of the given files; their folders are not columns.
   *
   * @param statuses at least one
   * @throws FileReadException naming the file that cannot be read
   */
  public static ParquetInputs ofFiles(List<FileStatus> statuses) throws IOException {
    List<InspectedFile> files =
        readFooters(statuses.stream().map(file -> new ListedFile(file, List.of())).toList());
    return new ParquetInputs(files, files, List.of(), InputReach.nothing());
  }

  private static List<InspectedFile> readFooters(List<ListedFile> listed) throws IOException {
    Map<Object, Object> shared = new HashMap<>();
    List<InspectedFile> files = new ArrayList<>();
    for (InspectedFile file : ParallelReads.map(listed, InspectedFile::read)) {
      files.add(file.sharing(shared));
    }
    return files;
  }

  @Override
  public List<ParquetInputFile> files() {
    return files.stream().map(InspectedFile::file).toList();
  }

  @Override
  public ParquetInputs only(Predicate<InputFile> wanted) {
    return new ParquetInputs(
        files.stream().filter(file -> wanted.test(file.file())).toList(),
        inspected,
        folderFields,
        reach);
  }

  @Override
  public InputReach reach() {
    return reach;
  }

  @Override
  public Set<String> columnNames() {
    Set<String> names = new LinkedHashSet<>();
    files.get(0).schema().getFields().forEach(field -> names.add(field.getName()));
    folderFields.forEach(field -> names.add(field.getName()));
    return names;
  }

  @Override
  public List<PartialColumn> partialColumns() {
    return ParquetColumns.partial(inspected, folderFields);
  }

  /**
   * The schema of all columns, in the order of the first file.
   *
   * @throws FileReadException if the files do not have the same columns
   */
  public Schema schema() throws FileReadException {
    return select().schema();
  }

  @Override
  public InputColumns select() throws FileReadException {
    return ParquetColumns.all(inspected, folderFields);
  }

  @Override
  public InputColumns select(List<String> columns) throws FileReadException {
    return ParquetColumns.named(inspected, folderFields, columns);
  }

  @Override
  public BatchFormat format(BatchLayout layout) {
    return new ParquetBatchFormat(layout);
  }

  @Override
  public List<FileSplit> splits(long splitBytes) {
    return ParquetSplits.of(files(), splitBytes);
  }
}
