package io.nightshift.connectors.parquet.input;

import io.nightshift.connectors.arrow.schema.FieldMerge;
import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.input.MissingColumn;
import io.nightshift.connectors.input.PartialColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** Finds columns that all files of an input have, with one type each. */
final class ParquetColumns {
  private ParquetColumns() {}

  static InputColumns all(List<InspectedFile> files, List<Field> folders) throws FileReadException {
    Set<String> names = new LinkedHashSet<>(files.get(0).names());
    for (InspectedFile file : files) {
      for (String name : file.names()) {
        if (!names.contains(name) && find(folders, name) == null) {
          throw FileReadException.ofColumn(
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

  static InputColumns named(List<InspectedFile> files, List<Field> folders, List<String> names)
      throws FileReadException {
    return InputColumns.select(
        names,
        folders,
        folder -> folderField(files, folder),
        name -> fileField(files, folders, name));
  }

  /** Columns that only some of the files have. One of a folder's name is the folder's. */
  static List<PartialColumn> partial(List<InspectedFile> files, List<Field> folders) {
    Map<String, String> present = new LinkedHashMap<>();
    for (InspectedFile file : files) {
      file.names().forEach(name -> present.putIfAbsent(name, file.file().path()));
    }
    folders.forEach(folder -> present.remove(folder.getName()));
    List<PartialColumn> partial = new ArrayList<>();
    present.forEach(
        (name, file) ->
            files.stream()
                .filter(other -> !other.names().contains(name))
                .findFirst()
                .map(other -> new PartialColumn(name, file, other.file().path()))
                .ifPresent(partial::add));
    return partial;
  }

  /** If a file and its folder have different values, it is undefined which one is meant. */
  private static Field folderField(List<InspectedFile> files, Field folder)
      throws FileReadException {
    String name = folder.getName();
    for (InspectedFile file : files) {
      if (file.otherThanFolder().contains(name)) {
        throw FileReadException.ofColumn(
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
      throws FileReadException {
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
        throw FileReadException.ofColumn(
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
      throws FileReadException {
    String unreadable = file.unreadable().get(name);
    if (unreadable != null) {
      throw FileReadException.ofColumn(
          file.file().path(),
          name,
          unreadable + ", or select the columns to read without it (output.columns)");
    }
    Field field = file.field(name);
    if (field == null) {
      List<String> known = new ArrayList<>(file.names());
      folders.forEach(folder -> known.add(folder.getName()));
      throw MissingColumn.of(file.file().path(), name, known);
    }
    return field;
  }

  private static @Nullable Field find(List<Field> fields, String name) {
    return fields.stream().filter(field -> field.getName().equals(name)).findFirst().orElse(null);
  }
}
