package io.nightshift.job.run;

import io.nightshift.connectors.parquet.FieldMerge;
import io.nightshift.connectors.parquet.NullableFields;
import io.nightshift.connectors.parquet.ParquetColumns;
import io.nightshift.connectors.parquet.decode.OutputColumn;
import io.nightshift.job.options.InvalidJobException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The schema of the kept input columns in the output, which stays what it was from run to run. What
 * differs from file to file does not matter to it: every column may be null, and a narrower number
 * is written as what earlier runs have written. Only where a wider one comes are the new files
 * wider than the old ones; values of folders become texts where they are not all integers any more.
 */
public final class KeptColumns {
  private KeptColumns() {}

  /** The schema that a first run writes. */
  public static Schema of(ParquetColumns input) {
    return NullableFields.of(input.schema());
  }

  /**
   * The schema that a later run writes, its columns in the order of the earlier ones.
   *
   * @param input the columns, as all files of the input have them now
   * @param plans of the earlier runs
   * @throws InvalidJobException naming a column whose values do not go together with earlier ones
   */
  public static Schema of(ParquetColumns input, List<CompletePlan> plans) {
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

  /** A type, with its fields where it has some. */
  private static String type(Field field) {
    return field.getChildren().isEmpty()
        ? field.getType().toString()
        : field.getType() + field.getChildren().toString();
  }

  private static boolean isFolder(ParquetColumns input, String name) {
    return input.columns().stream()
        .anyMatch(
            column -> column.name().equals(name) && column.origin() == OutputColumn.Origin.FOLDER);
  }
}
