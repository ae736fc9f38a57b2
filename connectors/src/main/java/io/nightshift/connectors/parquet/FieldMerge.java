package io.nightshift.connectors.parquet;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/** Decides whether the same column of two files has one type. */
final class FieldMerge {
  private FieldMerge() {}

  /**
   * The field that holds the values of both: the same type, nullable where one of them is. Null if
   * their types differ.
   */
  static @Nullable Field merge(Field one, Field other) {
    if (one.equals(other)) {
      return one;
    }
    if (!one.getName().equals(other.getName())
        || !one.getType().equals(other.getType())
        || !one.getMetadata().equals(other.getMetadata())
        || one.getChildren().size() != other.getChildren().size()) {
      return null;
    }
    List<Field> children = new ArrayList<>();
    for (int i = 0; i < one.getChildren().size(); i++) {
      Field child = merge(one.getChildren().get(i), other.getChildren().get(i));
      if (child == null) {
        return null;
      }
      children.add(child);
    }
    boolean nullable = one.isNullable() || other.isNullable();
    FieldType type = new FieldType(nullable, one.getType(), null, one.getMetadata());
    return new Field(one.getName(), type, children);
  }
}
