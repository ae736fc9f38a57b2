package io.nightshift.connectors.parquet.input;

import io.nightshift.connectors.files.ParallelReads;
import io.nightshift.connectors.parquet.file.ParquetReadException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.core.fs.FileStatus;

/**
 * The files of an input, inspected before a job runs: every footer has been read, so that an
 * unreadable file or an incompatible column is found before any work is done.
 *
 * <p>{@code key=value} folders between the input path (of a glob: its part before the first
 * wildcard) and a file are columns after the file's own: 64-bit integers if all values are
 * integers, otherwise strings. If files have a column of the same name, its values must be those of
 * their folders. All files must lie in folders with the same keys.
 *
 * <p>If a column is an integer, a float or a decimal of different widths, the widest one is used; a
 * file in which the column is null in every row may have it with any type. Only selected columns
 * are checked: others may be duplicated, of another type, or unreadable.
 */
public final class ParquetInputs {
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
   * @throws ParquetReadException naming the path or file that cannot be read
   */
  public static ParquetInputs inspect(String... paths) throws IOException {
    return inspect(Arrays.asList(paths));
  }

  /** As {@link #inspect(String...)}. */
  public static ParquetInputs inspect(List<String> paths) throws IOException {
    Map<String, InputListing.Listed> listed = new LinkedHashMap<>();
    InputReach reach = new InputReach();
    for (String path : paths) {
      InputListing listing = InputListing.of(path);
      reach.addAll(listing.reach());
      for (InputListing.Listed file : listing.files()) {
        listed.putIfAbsent(file.status().getPath().toString(), file);
      }
    }
    if (listed.isEmpty()) {
      throw new IllegalArgumentException("No input path is given.");
    }
    List<InspectedFile> files = readFooters(List.copyOf(listed.values()));
    return new ParquetInputs(files, files, folderFields(files), reach);
  }

  /**
   * Reads the footers of the given files; their folders are not columns.
   *
   * @param statuses at least one
   * @throws ParquetReadException naming the file that cannot be read
   */
  public static ParquetInputs ofFiles(List<FileStatus> statuses) throws IOException {
    List<InspectedFile> files =
        readFooters(
            statuses.stream().map(file -> new InputListing.Listed(file, List.of())).toList());
    return new ParquetInputs(files, files, List.of(), new InputReach());
  }

  private static List<InspectedFile> readFooters(List<InputListing.Listed> listed)
      throws IOException {
    Map<Object, Object> shared = new HashMap<>();
    List<InspectedFile> files = new ArrayList<>();
    for (InspectedFile file : ParallelReads.map(listed, InspectedFile::read)) {
      files.add(file.sharing(shared));
    }
    return files;
  }

  private static List<Field> folderFields(List<InspectedFile> files) throws ParquetReadException {
    ParquetInputFile first = files.get(0).file();
    Set<String> strings = new LinkedHashSet<>();
    Set<String> integers = new LinkedHashSet<>();
    for (InspectedFile inspected : files) {
      ParquetInputFile file = inspected.file();
      if (!file.folders().keySet().equals(first.folders().keySet())) {
        throw new ParquetReadException(
            file.path(),
            String.format(
                "lies in key=value folders of the keys %s, but %s in those of %s",
                file.folders().keySet(), first.path(), first.folders().keySet()));
      }
      file.folders()
          .forEach(
              (key, value) -> {
                if (value != null) {
                  (HiveFolders.isInteger(value) ? integers : strings).add(key);
                }
              });
    }
    List<Field> fields = new ArrayList<>();
    for (String key : first.folders().keySet()) {
      boolean integer = integers.contains(key) && !strings.contains(key);
      ArrowType type = integer ? new ArrowType.Int(64, true) : ArrowType.Utf8.INSTANCE;
      fields.add(Field.nullable(key, type));
    }
    return fields;
  }

  /** All files, sorted within each of the input paths. */
  public List<ParquetInputFile> files() {
    return files.stream().map(InspectedFile::file).toList();
  }

  /** Some of the files, with the common types of all files. */
  public ParquetInputs only(Predicate<ParquetInputFile> wanted) {
    return new ParquetInputs(
        files.stream().filter(file -> wanted.test(file.file())).toList(),
        inspected,
        folderFields,
        reach);
  }

  /** The locations that the input paths cover. */
  public InputReach reach() {
    return reach;
  }

  /** The number of rows in all files. */
  public long rows() {
    return files.stream().mapToLong(file -> file.file().rows()).sum();
  }

  /** Names of the columns of the first file and of the folders' keys. */
  public Set<String> columnNames() {
    Set<String> names = new LinkedHashSet<>();
    files.get(0).schema().getFields().forEach(field -> names.add(field.getName()));
    folderFields.forEach(field -> names.add(field.getName()));
    return names;
  }

  /**
   * The schema of all columns, in the order of the first file.
   *
   * @throws ParquetReadException if the files do not have the same columns
   */
  public Schema schema() throws ParquetReadException {
    return select().schema();
  }

  /**
   * All columns.
   *
   * @throws ParquetReadException naming a file and a column that another file lacks, has with
   *     another type, or that cannot be read
   */
  public ParquetColumns select() throws ParquetReadException {
    return ParquetColumns.all(inspected, folderFields);
  }

  /**
   * Some columns, in this order. Only these must be the same in all files.
   *
   * @param columns names of top-level columns or of folders' keys
   * @throws ParquetReadException naming a file and a column that is missing in it, with the nearest
   *     name, or has another type than in the first file
   */
  public ParquetColumns select(List<String> columns) throws ParquetReadException {
    return ParquetColumns.named(inspected, folderFields, columns);
  }
}
