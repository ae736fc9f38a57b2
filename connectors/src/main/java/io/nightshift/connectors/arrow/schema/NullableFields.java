package io.nightshift.connectors.arrow.schema;

import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Schemas whose fields are nullable at every depth at which Arrow permits it. */
public final class NullableFields {
  private NullableFields() {}

  /** Returns the schema with all fields nullable. */
  public static Schema of(Schema schema) {
    return new Schema(schema.getFields().stream().map(NullableFields::of).toList());
  }

  private static Field of(Field field) {
    boolean isMap = field.getType() instanceof ArrowType.Map;
    List<Field> children =
        field.getChildren().stream()
            .map(isMap ? NullableFields::entry : NullableFields::of)
            .toList();
    return with(field, true, children);
  }

  /** The entry of a map: Arrow requires that it and its key are not null. */
  private static Field entry(Field entry) {
    Field key = of(entry.getChildren().get(0));
    return with(
        entry, false, List.of(with(key, false, key.getChildren()), of(entry.getChildren().get(1))));
  }

  private static Field with(Field field, boolean nullable, List<Field> children) {
    FieldType type = new FieldType(nullable, field.getType(), null, field.getMetadata());
    return new Field(field.getName(), type, children);
  }
}
