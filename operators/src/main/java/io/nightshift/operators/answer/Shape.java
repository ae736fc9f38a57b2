package io.nightshift.operators.answer;

import io.nightshift.connectors.arrow.schema.FieldMetadata;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/**
 * The type of a field without its name.
 *
 * @param isMixed whether it is JSON because the values are of several kinds
 */
record Shape(FieldType type, List<Field> children, boolean isMixed) {
  private static final FieldType JSON =
      new FieldType(
          false, ArrowType.Utf8.INSTANCE, null, Map.of(FieldMetadata.LOGICAL_TYPE, "JSON"));

  static Shape of(ArrowType type, Field... children) {
    return new Shape(FieldType.notNullable(type), List.of(children), false);
  }

  /** Texts of JSON. */
  static Shape json() {
    return new Shape(JSON, List.of(), false);
  }

  /** Texts of JSON, for values of several kinds. */
  static Shape mixed() {
    return new Shape(JSON, List.of(), true);
  }

  /** Whether a field holds texts of JSON. */
  static boolean isJson(Field field) {
    return field.getMetadata().containsKey(FieldMetadata.LOGICAL_TYPE);
  }

  /** The same shape, nullable if it was or if {@code nullable}. */
  Shape orNull(boolean nullable) {
    FieldType same =
        new FieldType(nullable || type.isNullable(), type.getType(), null, type.getMetadata());
    return new Shape(same, children, isMixed);
  }

  Field named(String name) {
    return new Field(name, type, children);
  }
}
