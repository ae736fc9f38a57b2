package io.nightshift.connectors.parquet.sink;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Checks that a batch has the sink's schema. */
final class SchemaMatch {
  private SchemaMatch() {}

  /**
   * Compares names and types. Metadata and nullability may differ, as may the names of the elements
   * of lists and maps, which vectors do not keep.
   *
   * @throws IllegalArgumentException naming the first column that differs
   */
  static void require(Schema promised, Schema actual) {
    require("", promised.getFields(), actual.getFields());
  }

  private static void require(String parent, List<Field> promised, List<Field> actual) {
    if (promised.size() != actual.size()) {
      throw new IllegalArgumentException(
          "A batch has %s columns%s, the sink's schema has %s"
              .formatted(
                  actual.size(), parent.isEmpty() ? "" : " in '" + parent + "'", promised.size()));
    }
    for (int index = 0; index < promised.size(); index++) {
      String name = promised.get(index).getName();
      String path = parent.isEmpty() ? name : parent + "." + name;
      requireName(path, promised.get(index), actual.get(index));
      requireType(path, promised.get(index), actual.get(index));
    }
  }

  private static void requireName(String path, Field promised, Field actual) {
    if (!promised.getName().equals(actual.getName())) {
      throw new IllegalArgumentException(
          "A batch has the column '%s' where the sink's schema has '%s'"
              .formatted(actual.getName(), path));
    }
  }

  private static void requireType(String path, Field promised, Field actual) {
    if (!promised.getType().equals(actual.getType())) {
      throw new IllegalArgumentException(
          "Column '%s' of a batch has the type %s, in the sink's schema %s"
              .formatted(path, actual.getType(), promised.getType()));
    }
    switch (promised.getType().getTypeID()) {
      case Struct -> require(path, promised.getChildren(), actual.getChildren());
      case List, LargeList, FixedSizeList ->
          requireType(path + ".element", child(promised, 0), child(actual, 0));
      case Map -> {
        requireType(path + ".key", child(child(promised, 0), 0), child(child(actual, 0), 0));
        requireType(path + ".value", child(child(promised, 0), 1), child(child(actual, 0), 1));
      }
      default -> {}
    }
  }

  private static Field child(Field field, int index) {
    return field.getChildren().get(index);
  }
}
