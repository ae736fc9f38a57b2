package io.nightshift.connectors.parquet.decode;

import io.nightshift.connectors.arrow.schema.FieldMetadata;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;

/**
 * Derives the shape of a column from the file's schema. Lists and maps are recognized by the rules
 * for nested types and their backward compatibility in the Parquet format's LogicalTypes document;
 * a repeated field outside of them is a list that is never null.
 *
 * <p>Whatever the writer's names, a list's element is named "element" here, and a map's parts
 * "entries", "key" and "value", so that files of different writers have the same schema.
 */
public final class ColumnShapes {
  private ColumnShapes() {}

  /**
   * The Arrow field that a top-level column is read into.
   *
   * @throws UnsupportedOperationException if the column cannot be read; the message gives the
   *     reason
   */
  public static Field arrowField(Type column) {
    return of(column).field();
  }

  static ColumnShape of(Type column) {
    return field(column, column.getName(), new Place(0, 0, List.of()));
  }

  /** The levels of the surrounding group, and the path to it. */
  private record Place(int definition, int repetition, List<String> path) {
    Place enter(Type type) {
      List<String> inner = new ArrayList<>(path);
      inner.add(type.getName());
      return new Place(
          definition + (type.isRepetition(Type.Repetition.REQUIRED) ? 0 : 1),
          repetition + (type.isRepetition(Type.Repetition.REPEATED) ? 1 : 0),
          List.copyOf(inner));
    }
  }

  private static ColumnShape field(Type type, String name, Place outside) {
    if (type.isRepetition(Type.Repetition.REPEATED)) {
      Place inside = outside.enter(type);
      ColumnShape element = value(type, "element", false, inside);
      return repeatedList(name, false, outside.definition(), inside, element);
    }
    return value(type, name, type.isRepetition(Type.Repetition.OPTIONAL), outside.enter(type));
  }

  /** The type as if it were not repeated; {@code inside} accounts for the repetition. */
  private static ColumnShape value(Type type, String name, boolean nullable, Place inside) {
    if (type.isPrimitive()) {
      FieldType fieldType =
          new FieldType(
              nullable,
              ArrowTypes.of(type.asPrimitiveType()),
              null,
              ArrowTypes.metadata(type.asPrimitiveType()));
      return new ColumnShape.Leaf(
          new Field(name, fieldType, null),
          inside.definition(),
          type.asPrimitiveType(),
          inside.path());
    }
    GroupType group = type.asGroupType();
    requireDistinct(group);
    LogicalTypeAnnotation logical = group.getLogicalTypeAnnotation();
    if (logical instanceof ListLogicalTypeAnnotation) {
      return list(group, name, nullable, inside);
    }
    if (logical instanceof MapLogicalTypeAnnotation
        || logical instanceof MapKeyValueTypeAnnotation) {
      return map(group, name, nullable, inside);
    }
    return struct(group, name, nullable, inside);
  }

  private static ColumnShape struct(GroupType group, String name, boolean nullable, Place inside) {
    List<ColumnShape> members = new ArrayList<>();
    for (Type member : group.getFields()) {
      members.add(field(member, member.getName(), inside));
    }
    return struct(name, nullable, inside, members);
  }

  private static ColumnShape struct(
      String name, boolean nullable, Place inside, List<ColumnShape> members) {
    FieldType type = new FieldType(nullable, ArrowType.Struct.INSTANCE, null);
    List<Field> fields = members.stream().map(ColumnShape::field).toList();
    return new ColumnShape.Struct(
        new Field(name, type, fields), inside.definition(), List.copyOf(members));
  }

  private static ColumnShape list(GroupType list, String name, boolean nullable, Place inside) {
    Type repeated = onlyRepeatedField(list, "LIST");
    Place entry = inside.enter(repeated);
    ColumnShape element;
    if (isElement(list, repeated)) {
      element = value(repeated, "element", false, entry);
    } else {
      element = field(repeated.asGroupType().getType(0), "element", entry);
    }
    return repeatedList(name, nullable, inside.definition(), entry, element);
  }

  /** Whether the repeated field of a list is the element itself, as in lists of two levels. */
  private static boolean isElement(GroupType list, Type repeated) {
    if (repeated.isPrimitive()) {
      return true;
    }
    GroupType group = repeated.asGroupType();
    return group.getFieldCount() != 1
        || group.getType(0).isRepetition(Type.Repetition.REPEATED)
        || group.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation
        || group.getLogicalTypeAnnotation() instanceof MapLogicalTypeAnnotation
        || group.getName().equals("array")
        || group.getName().equals(list.getName() + "_tuple");
  }

  private static ColumnShape map(GroupType map, String name, boolean nullable, Place inside) {
    Type repeated = onlyRepeatedField(map, "MAP");
    Place entry = inside.enter(repeated);
    if (repeated.isPrimitive() || repeated.asGroupType().getFieldCount() > 2) {
      throw new UnsupportedOperationException("is a MAP whose entries are not a key and a value");
    }
    GroupType keyValue = repeated.asGroupType();
    Type key = keyValue.getType(0);
    if (keyValue.getFieldCount() == 1) {
      // In the format, a map without values is a set.
      ColumnShape member = field(key, "element", entry);
      return repeatedList(name, nullable, inside.definition(), entry, member);
    }
    ColumnShape value = field(keyValue.getType(1), "value", entry);
    List<ColumnShape> members = List.of(value(key, "key", false, entry.enter(key)), value);
    ColumnShape entries = struct("entries", false, entry, members);
    boolean nullKeys = !key.isRepetition(Type.Repetition.REQUIRED);
    FieldType type =
        new FieldType(
            nullable,
            new ArrowType.Map(false),
            null,
            nullKeys ? Map.of(FieldMetadata.NULL_KEYS, FieldMetadata.PRESENT) : Map.of());
    return repeated(name, type, inside.definition(), entry, entries);
  }

  private static ColumnShape repeatedList(
      String name, boolean nullable, int definitionLevel, Place entry, ColumnShape element) {
    FieldType type = new FieldType(nullable, ArrowType.List.INSTANCE, null);
    return repeated(name, type, definitionLevel, entry, element);
  }

  private static ColumnShape repeated(
      String name, FieldType type, int definitionLevel, Place entry, ColumnShape element) {
    return new ColumnShape.Repeated(
        new Field(name, type, List.of(element.field())),
        definitionLevel,
        entry.definition(),
        entry.repetition(),
        element);
  }

  /** Neither parquet-java nor Arrow can distinguish two fields of the same name. */
  private static void requireDistinct(GroupType group) {
    if (group.getFieldCount() == 0) {
      throw new UnsupportedOperationException("has a group without fields: " + group.getName());
    }
    Set<String> names = new HashSet<>();
    for (Type field : group.getFields()) {
      if (!names.add(field.getName())) {
        throw new UnsupportedOperationException(
            "has two fields called '" + field.getName() + "' in " + group.getName());
      }
    }
  }

  private static Type onlyRepeatedField(GroupType group, String kind) {
    if (group.getFieldCount() != 1 || !group.getType(0).isRepetition(Type.Repetition.REPEATED)) {
      throw new UnsupportedOperationException(
          "is annotated as " + kind + " but does not hold one repeated field");
    }
    return group.getType(0);
  }
}
