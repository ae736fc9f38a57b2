package io.nightshift.connectors.parquet;

import io.nightshift.connectors.parquet.file.ParquetReadException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The files of an input, looked at before a job runs: every footer has been read, so that an
 * unreadable file or a column that does not fit is found before any work is done.
 *
 * <p>{@code key=value} folders between the input path (of a glob: its part before the first
 * wildcard) and a file are columns behind the file's own: 64-bit integers where all values are
 * integers, strings elsewhere. A folder's column takes the place of a column of the same name in
 * the files. All files must lie in folders of the same keys.
 */
public final class ParquetInputs {
  private final List<InspectedFile> files;
  private final List<Field> folderFields;

  private ParquetInputs(List<InspectedFile> files, List<Field> folderFields) {
    this.files = files;
    this.folderFields = folderFields;
  }

  /**
   * Lists the files and reads their footers.
   *
   * @param paths files, folders or globs on any of Flink's file systems; a file that several of
   *     them mean is read once
   * @throws ParquetReadException naming the path or file that cannot be read
   */
  public static ParquetInputs inspect(String... paths) throws IOException {
    return inspect(Arrays.asList(paths));
  }

  /** As {@link #inspect(String...)}. */
  public static ParquetInputs inspect(List<String> paths) throws IOException {
    Map<String, InputListing.Listed> listed = new LinkedHashMap<>();
    for (String path : paths) {
      for (InputListing.Listed file : InputListing.list(path)) {
        listed.putIfAbsent(file.status().getPath().toString(), file);
      }
    }
    if (listed.isEmpty()) {
      throw new IllegalArgumentException("No input path is given.");
    }
    List<InspectedFile> files = readFooters(List.copyOf(listed.values()));
    return new ParquetInputs(files, folderFields(files));
  }

  private static List<InspectedFile> readFooters(List<InputListing.Listed> listed)
      throws IOException {
    Map<Schema, Schema> schemas = new LinkedHashMap<>();
    List<InspectedFile> files = new ArrayList<>();
    for (InspectedFile file : ParallelReads.map(listed, InspectedFile::read)) {
      Schema shared = schemas.computeIfAbsent(file.schema(), schema -> schema);
      files.add(new InspectedFile(file.file(), shared));
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

  /** Some of the files, with the folders' columns that all of them have together. */
  public ParquetInputs only(Predicate<ParquetInputFile> wanted) {
    return new ParquetInputs(
        files.stream().filter(file -> wanted.test(file.file())).toList(), folderFields);
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
   * @throws ParquetReadException naming a file and a column that another file lacks, or has with
   *     another type
   */
  public ParquetColumns select() throws ParquetReadException {
    return ParquetColumns.all(files, folderFields);
  }

  /**
   * Some columns, in this order. Only these must be the same in all files.
   *
   * @param columns names of top-level columns or of folders' keys
   * @throws ParquetReadException naming a file and a column that is missing in it, with the nearest
   *     name, or has another type than in the first file
   */
  public ParquetColumns select(List<String> columns) throws ParquetReadException {
    return ParquetColumns.named(files, folderFields, columns);
  }
}
