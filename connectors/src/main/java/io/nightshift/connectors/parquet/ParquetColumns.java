package io.nightshift.connectors.parquet;

import io.nightshift.connectors.parquet.decode.OutputColumn;
import io.nightshift.connectors.parquet.decode.OutputColumn.Origin;
import io.nightshift.connectors.parquet.file.ParquetReadException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.jspecify.annotations.Nullable;

/**
 * Columns that all files of an input have, of one type each. Made by {@link ParquetInputs#select}.
 *
 * @param columns where each comes from
 * @param schema one field for each column
 */
public record ParquetColumns(List<OutputColumn> columns, Schema schema) {
  /** The path of the file that a row comes from; see {@link #withRowOrigin()}. */
  public static final String FILE_COLUMN = "__file";

  /** The number of a row in its file, from 0; see {@link #withRowOrigin()}. */
  public static final String ROW_COLUMN = "__row";

  static ParquetColumns all(List<InspectedFile> files, List<Field> folders)
      throws ParquetReadException {
    Set<String> names = new LinkedHashSet<>();
    files.get(0).schema().getFields().forEach(field -> names.add(field.getName()));
    for (InspectedFile file : files) {
      for (Field field : file.schema().getFields()) {
        if (!names.contains(field.getName()) && find(folders, field.getName()) == null) {
          throw ParquetReadException.ofColumn(
              files.get(0).file().path(),
              field.getName(),
              "is missing, but is in " + file.file().path() + ". Select the columns to read.");
        }
      }
    }
    folders.forEach(folder -> names.remove(folder.getName()));
    folders.forEach(folder -> names.add(folder.getName()));
    return named(files, folders, List.copyOf(names));
  }

  static ParquetColumns named(List<InspectedFile> files, List<Field> folders, List<String> names)
      throws ParquetReadException {
    List<OutputColumn> columns = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    for (String name : names) {
      Field folder = find(folders, name);
      columns.add(new OutputColumn(name, folder == null ? Origin.FILE : Origin.FOLDER));
      fields.add(folder == null ? fileField(files, folders, name) : folder);
    }
    if (new LinkedHashSet<>(names).size() < names.size()) {
      throw new IllegalArgumentException("A column is selected twice: " + names);
    }
    return new ParquetColumns(columns, new Schema(fields));
  }

  /**
   * These columns, and behind them {@link #FILE_COLUMN} (string) and {@link #ROW_COLUMN} (64-bit
   * integer).
   *
   * @throws IllegalArgumentException if one of these names is taken
   */
  public ParquetColumns withRowOrigin() {
    List<OutputColumn> longer = new ArrayList<>(columns);
    longer.add(new OutputColumn(FILE_COLUMN, Origin.PATH));
    longer.add(new OutputColumn(ROW_COLUMN, Origin.ROW_NUMBER));
    List<Field> fields = new ArrayList<>(schema.getFields());
    for (Field field : fields) {
      if (field.getName().equals(FILE_COLUMN) || field.getName().equals(ROW_COLUMN)) {
        throw new IllegalArgumentException(
            "The input has a column " + field.getName() + ": rows cannot be traced by that name.");
      }
    }
    fields.add(Field.notNullable(FILE_COLUMN, ArrowType.Utf8.INSTANCE));
    fields.add(Field.notNullable(ROW_COLUMN, new ArrowType.Int(64, true)));
    return new ParquetColumns(List.copyOf(longer), new Schema(fields));
  }

  private static Field fileField(List<InspectedFile> files, List<Field> folders, String name)
      throws ParquetReadException {
    Field merged = null;
    for (InspectedFile file : files) {
      Field field = find(file.schema().getFields(), name);
      if (field == null) {
        throw missing(file, folders, name);
      }
      Field both = merged == null ? field : FieldMerge.merge(merged, field);
      if (both == null) {
        throw ParquetReadException.ofColumn(
            file.file().path(),
            name,
            String.format("is %s, but %s in %s", field, merged, files.get(0).file().path()));
      }
      merged = both;
    }
    return Objects.requireNonNull(merged, "an input has at least one file");
  }

  private static ParquetReadException missing(
      InspectedFile file, List<Field> folders, String name) {
    List<Field> known = new ArrayList<>(file.schema().getFields());
    known.addAll(folders);
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    String nearest =
        known.stream()
            .map(Field::getName)
            .min(Comparator.comparing(other -> distance.apply(name, other)))
            .map(other -> "Did you mean " + other + "?")
            .orElse("The file has no columns.");
    return ParquetReadException.ofColumn(file.file().path(), name, "is missing. " + nearest);
  }

  private static @Nullable Field find(List<Field> fields, String name) {
    return fields.stream().filter(field -> field.getName().equals(name)).findFirst().orElse(null);
  }
}
