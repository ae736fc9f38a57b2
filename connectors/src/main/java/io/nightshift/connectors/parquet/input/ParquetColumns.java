package io.nightshift.connectors.parquet.input;

import io.nightshift.connectors.arrow.schema.FieldMerge;
import io.nightshift.connectors.arrow.schema.NullableFields;
import io.nightshift.connectors.parquet.decode.OutputColumn;
import io.nightshift.connectors.parquet.decode.OutputColumn.Origin;
import io.nightshift.connectors.parquet.file.ParquetReadException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.jspecify.annotations.Nullable;

/**
 * Columns that all files of an input have, with one type each. Created by {@link
 * ParquetInputs#select}.
 *
 * @param columns origin of each column
 * @param schema one field for each column
 */
public record ParquetColumns(List<OutputColumn> columns, Schema schema) {

  static ParquetColumns all(List<InspectedFile> files, List<Field> folders)
      throws ParquetReadException {
    Set<String> names = new LinkedHashSet<>(files.get(0).names());
    for (InspectedFile file : files) {
      for (String name : file.names()) {
        if (!names.contains(name) && find(folders, name) == null) {
          throw ParquetReadException.ofColumn(
              files.get(0).file().path(),
              name,
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
    Set<String> selected = new HashSet<>();
    List<OutputColumn> columns = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    for (String name : names) {
      if (!selected.add(name)) {
        throw new IllegalArgumentException(
            "The column '" + name + "' is selected twice: name it once");
      }
      Field folder = find(folders, name);
      columns.add(new OutputColumn(name, folder == null ? Origin.FILE : Origin.FOLDER));
      fields.add(folder == null ? fileField(files, folders, name) : folderField(files, folder));
    }
    return new ParquetColumns(columns, new Schema(fields));
  }

  /**
   * These columns, followed by those of {@link RowOrigin}. All are nullable, because values that
   * cannot be read are null.
   */
  public ParquetColumns withRowOrigin() {
    List<OutputColumn> longer = new ArrayList<>(columns);
    List<Field> fields = new ArrayList<>(NullableFields.of(schema).getFields());
    for (OutputColumn origin : RowOrigin.columns(schema)) {
      longer.add(origin);
      fields.add(RowOrigin.field(origin));
    }
    return new ParquetColumns(List.copyOf(longer), new Schema(fields));
  }

  /** If a file and its folder have different values, it is undefined which one is meant. */
  private static Field folderField(List<InspectedFile> files, Field folder)
      throws ParquetReadException {
    String name = folder.getName();
    for (InspectedFile file : files) {
      if (file.otherThanFolder().contains(name)) {
        throw ParquetReadException.ofColumn(
            file.file().path(),
            name,
            "does not have, or its footer does not say that it has, the one value of its folder"
                + " %s=%s: rename the column or the folder"
                    .formatted(name, file.file().folders().get(name)));
      }
    }
    return folder;
  }

  private static Field fileField(List<InspectedFile> files, List<Field> folders, String name)
      throws ParquetReadException {
    Field merged = null;
    InspectedFile typed = null;
    for (InspectedFile file : files) {
      Field field = readableField(file, folders, name);
      Field both = merged == null ? field : FieldMerge.merge(merged, field);
      if (both == null && file.withoutValues().contains(name)) {
        both = FieldMerge.nullable(Objects.requireNonNull(merged));
      } else if (both == null && typed == null) {
        both = FieldMerge.nullable(field);
      } else if (both == null) {
        throw ParquetReadException.ofColumn(
            file.file().path(),
            name,
            String.format(
                "is %s, but %s in %s", field, merged, Objects.requireNonNull(typed).file().path()));
      }
      merged = both;
      if (typed == null && !file.withoutValues().contains(name)) {
        typed = file;
      }
    }
    return Objects.requireNonNull(merged, "an input has at least one file");
  }

  private static Field readableField(InspectedFile file, List<Field> folders, String name)
      throws ParquetReadException {
    String unreadable = file.unreadable().get(name);
    if (unreadable != null) {
      throw ParquetReadException.ofColumn(
          file.file().path(),
          name,
          unreadable + ", or select the columns to read without it (output.columns)");
    }
    Field field = file.field(name);
    if (field == null) {
      throw missing(file, folders, name);
    }
    return field;
  }

  private static ParquetReadException missing(
      InspectedFile file, List<Field> folders, String name) {
    List<String> known = new ArrayList<>(file.names());
    folders.forEach(folder -> known.add(folder.getName()));
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    String nearest =
        known.stream()
            .min(Comparator.comparing(other -> distance.apply(name, other)))
            .map(other -> "Did you mean " + other + "?")
            .orElse("The file has no columns.");
    return ParquetReadException.ofColumn(file.file().path(), name, "is missing. " + nearest);
  }

  private static @Nullable Field find(List<Field> fields, String name) {
    return fields.stream().filter(field -> field.getName().equals(name)).findFirst().orElse(null);
  }
}
