package io.nightshift.job.sql.types;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON schema of answers that are rows of some columns: an object with a property for each
 * column, in their order, and no others.
 */
public final class AnswerRowSchema {
  private AnswerRowSchema() {}

  /**
   * The text of the schema.
   *
   * @throws org.apache.flink.table.api.ValidationException naming a column whose type no schema can
   *     express, or whose values are not of its type, and what to write instead
   */
  public static String of(List<AnswerColumn> columns) {
    Map<String, ObjectNode> properties = new LinkedHashMap<>();
    columns.forEach(column -> properties.put(column.name(), property(column)));
    return TypeSchema.object(properties).toString();
  }

  private static ObjectNode property(AnswerColumn column) {
    return TypeSchema.of(
        column.name(), column.type().copy(!column.required()), column.comment(), column.choices());
  }
}
