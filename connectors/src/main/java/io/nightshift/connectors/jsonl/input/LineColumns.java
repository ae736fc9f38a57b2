package io.nightshift.connectors.jsonl.input;

import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.input.MissingColumn;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * The columns of all files of an input: the keys of their lines, then those of their folders.
 *
 * @param files at least one
 * @param keys types of the values of all lines
 * @param folders columns of the folders' keys
 */
record LineColumns(List<JsonLinesFile> files, ObservedType keys, List<Field> folders) {

  Set<String> names() {
    Set<String> names = new LinkedHashSet<>(keys.fields().keySet());
    folders.forEach(folder -> names.remove(folder.getName()));
    folders.forEach(folder -> names.add(folder.getName()));
    return names;
  }

  /**
   * @throws FileReadException naming a column that no line has, or whose values have no common
   *     type, or one that a folder has as well
   */
  InputColumns select(List<String> names) throws FileReadException {
    return InputColumns.select(names, folders, this::folderField, this::keyField);
  }

  private Field folderField(Field folder) throws FileReadException {
    String name = folder.getName();
    if (keys.fields().containsKey(name)) {
      throw FileReadException.ofColumn(
          files.get(0).path(),
          name,
          "is the key of a folder above, and also of lines: rename one of them");
    }
    return folder;
  }

  private Field keyField(String name) throws FileReadException {
    @Nullable ObservedType type = keys.fields().get(name);
    if (type == null) {
      throw MissingColumn.of(files.get(0).path(), name, names());
    }
    Optional<String> problem = type.problem(name, this::words);
    if (problem.isPresent()) {
      throw new FileReadException(
          files.get(0).path(),
          "column "
              + problem.get()
              + ": write values of one type, or select the columns to read without it"
              + " (output.columns)");
    }
    return type.toField(name);
  }

  /** A line with its number in the file, from 1. */
  private String words(ObservedType.Place place) {
    long before = 0;
    for (JsonLinesFile file : files) {
      if (file.path().equals(place.file())) {
        for (JsonLinesFile.Range range : file.ranges()) {
          before += range.start() < place.rangeStart() ? range.lines() : 0;
        }
      }
    }
    return "line %s of %s".formatted(before + place.line() + 1, place.file());
  }
}
