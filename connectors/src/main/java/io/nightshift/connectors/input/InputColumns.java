package io.nightshift.connectors.input;

import io.nightshift.connectors.arrow.schema.NullableFields;
import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.source.OutputColumn;
import io.nightshift.connectors.source.OutputColumn.Origin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Columns of an input, with one type each for all of its files. Created by {@link
 * InputFiles#select}.
 *
 * @param columns origin of each column
 * @param schema one field for each column
 */
public record InputColumns(List<OutputColumn> columns, Schema schema) {
  public InputColumns {
    columns = List.copyOf(columns);
  }

  /** Finds the field of a column, for all files of the input. */
  @FunctionalInterface
  public interface FieldOf<T> {
    /**
     * The field.
     *
     * @throws FileReadException naming the file and what is wrong with the column
     */
    Field find(T column) throws FileReadException;
  }

  /**
   * Selects columns. One that a folder's key has is the folder's.
   *
   * @param folders columns of the folders' keys
   * @param ofFolder finds the field of one of them
   * @param ofFiles finds the field of a column that the files have, by its name
   * @throws IllegalArgumentException if a name is there twice
   */
  public static InputColumns select(
      List<String> names, List<Field> folders, FieldOf<Field> ofFolder, FieldOf<String> ofFiles)
      throws FileReadException {
    Set<String> selected = new HashSet<>();
    List<OutputColumn> columns = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    for (String name : names) {
      if (!selected.add(name)) {
        throw new IllegalArgumentException(
            "The column '" + name + "' is selected twice: name it once");
      }
      Optional<Field> folder =
          folders.stream().filter(field -> field.getName().equals(name)).findFirst();
      columns.add(new OutputColumn(name, folder.isPresent() ? Origin.FOLDER : Origin.FILE));
      fields.add(folder.isPresent() ? ofFolder.find(folder.get()) : ofFiles.find(name));
    }
    return new InputColumns(columns, new Schema(fields));
  }

  /**
   * These columns, followed by those of {@link RowOrigin}. All are nullable, because values that
   * cannot be read are null.
   */
  public InputColumns withRowOrigin() {
    List<OutputColumn> longer = new ArrayList<>(columns);
    List<Field> fields = new ArrayList<>(NullableFields.of(schema).getFields());
    for (OutputColumn origin : RowOrigin.columns(schema)) {
      longer.add(origin);
      fields.add(RowOrigin.field(origin));
    }
    return new InputColumns(longer, new Schema(fields));
  }
}
