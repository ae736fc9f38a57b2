package io.nightshift.connectors.input;

import io.nightshift.connectors.files.FileReadException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * The columns that the {@code key=value} folders above files are: 64-bit integers if all values are
 * integers, otherwise strings. The folders are those between the input path (of a glob: its part
 * before the first wildcard) and a file.
 */
public final class FolderColumns {
  private FolderColumns() {}

  /**
   * @param files at least one
   * @throws FileReadException naming a file that lies in folders of other keys than the first
   */
  public static List<Field> of(List<? extends InputFile> files) throws FileReadException {
    InputFile first = files.get(0);
    Set<String> strings = new LinkedHashSet<>();
    Set<String> integers = new LinkedHashSet<>();
    for (InputFile file : files) {
      if (!file.folders().keySet().equals(first.folders().keySet())) {
        throw new FileReadException(
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
}
