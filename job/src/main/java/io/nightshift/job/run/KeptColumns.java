package io.nightshift.job.run;

import io.nightshift.connectors.arrow.schema.FieldMerge;
import io.nightshift.connectors.arrow.schema.NullableFields;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.source.OutputColumn;
import io.nightshift.job.options.InvalidJobException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The schema of the kept input columns in the output, which stays the same from run to run. It does
 * not depend on differences between input files: every column is nullable, and a narrower number is
 * written with the type of earlier runs. New output files have a wider type than old ones only if
 * the input has; values of folders become text once they are not all integers.
 */
public final class KeptColumns {
  private KeptColumns() {}

  /** The schema that a first run writes. */
  public static Schema of(InputColumns input) {
    return NullableFields.of(input.schema());
  }

  /**
   * The schema that a later run writes, its columns in the order of the earlier ones.
   *
   * @param input the columns, as all files of the input have them now
   * @param plans of the earlier runs
   * @throws InvalidJobException naming a column whose type is incompatible with earlier runs
   */
  public static Schema of(InputColumns input, List<CompletePlan> plans) {
    Schema schema = of(input);
    for (CompletePlan plan : plans) {
      List<Field> fields = new ArrayList<>();
      for (Field before : plan.manifest().keptColumns().getFields()) {
        Field now = schema.findField(before.getName());
        fields.add(merge(before, now, isFolder(input, before.getName())));
      }
      schema = new Schema(fields);
    }
    return schema;
  }

  private static Field merge(Field before, Field now, boolean folder) {
    @Nullable Field merged = FieldMerge.merge(before, now);
    if (merged == null && folder) {
      merged = Field.nullable(before.getName(), ArrowType.Utf8.INSTANCE);
    }
    if (merged == null) {
      throw new InvalidJobException(
          "the column %s is %s in the input, and was %s when output.path was begun: give it a type that holds both, leave it out with output.columns, or run with --fresh"
              .formatted(before.getName(), type(now), type(before)));
    }
    return merged;
  }

  /** A type, with its fields if it has any. */
  private static String type(Field field) {
    return field.getChildren().isEmpty()
        ? field.getType().toString()
        : field.getType() + field.getChildren().toString();
  }

  private static boolean isFolder(InputColumns input, String name) {
    return input.columns().stream()
        .anyMatch(
            column -> column.name().equals(name) && column.origin() == OutputColumn.Origin.FOLDER);
  }
}
