package io.nightshift.connectors.arrow.schema;

import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Schemas whose fields may be null at every depth where Arrow lets them be. */
public final class NullableFields {
  private NullableFields() {}

  /** The same schema, whichever of its fields may be null. */
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

  /** The entry of a map, which is not null, nor is its key to Arrow. */
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
