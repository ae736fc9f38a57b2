package io.nightshift.connectors.arrow.schema;

import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Names of columns that are added to the user's. A Parquet column can have any name, so no name can
 * be reserved.
 */
public final class UniqueName {
  private UniqueName() {}

  /** Returns {@code name}, prefixed with as many underscores as it takes to be unused. */
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
