package io.nightshift.connectors.parquet.sink;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The Arrow schema in a file's metadata, from which readers that use Arrow restore types that
 * Parquet lacks: the convention of Arrow's own Parquet writers. It is written for lists of a fixed
 * size only, which are plain lists in Parquet.
 */
final class ArrowSchemaMetadata {
  private static final String KEY = "ARROW:schema";

  private ArrowSchemaMetadata() {}

  /**
   * The metadata of a file; empty if no column has lists of a fixed size.
   *
   * @param listSizes sizes of lists whose type does not say them, by column
   */
  static Map<String, String> of(Schema schema, Map<String, Integer> listSizes) {
    List<Field> fields = schema.getFields().stream().map(field -> sized(field, listSizes)).toList();
    return fields.stream().noneMatch(field -> isSized(field.getType()))
        ? Map.of()
        : Map.of(KEY, Base64.getEncoder().encodeToString(new Schema(fields).serializeAsMessage()));
  }

  private static Field sized(Field field, Map<String, Integer> listSizes) {
    Integer size = listSizes.get(field.getName());
    return size == null
        ? field
        : new Field(
            field.getName(),
            new FieldType(
                field.isNullable(),
                new ArrowType.FixedSizeList(size),
                field.getDictionary(),
                field.getMetadata()),
            field.getChildren());
  }

  private static boolean isSized(ArrowType type) {
    return type instanceof ArrowType.FixedSizeList;
  }
}
