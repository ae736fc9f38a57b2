package io.nightshift.connectors.arrow.schema;

import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Names of columns that are added to a user's. A column of Parquet can have any name at all, so
 * that none can be reserved.
 */
public final class FreeName {
  private FreeName() {}

  /** {@code name}, behind as many underscores as it takes for no column to be called so. */
  public static String in(Schema schema, String name) {
    String free = name;
    while (isTaken(schema, free)) {
      free = "_" + free;
    }
    return free;
  }

  private static boolean isTaken(Schema schema, String name) {
    return schema.getFields().stream().map(Field::getName).anyMatch(name::equals);
  }
}
