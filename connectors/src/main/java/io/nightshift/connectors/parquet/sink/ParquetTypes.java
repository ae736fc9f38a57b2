package io.nightshift.connectors.parquet.sink;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import io.nightshift.connectors.arrow.schema.FieldMetadata;
import java.util.List;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * The Parquet type of an Arrow field, from which the package {@code decode} restores the field:
 *
 * <ul>
 *   <li>units that Parquet lacks are converted: seconds become milliseconds, and dates become days;
 *   <li>decimals are fixed-length bytes of Arrow's width: a writer may exceed the declared
 *       precision, and the digits must not be lost;
 *   <li>a timestamp with a time zone is adjusted to UTC; a time of day is never adjusted;
 *   <li>the logical types UUID, ENUM, JSON and BSON come from the field's metadata under {@link
 *       FieldMetadata#LOGICAL_TYPE};
 *   <li>lists of all kinds are LIST, maps are MAP, in the three-level form; the key of a map is
 *       optional if the field's metadata has {@link FieldMetadata#NULL_KEYS};
 *   <li>intervals are rejected: parquet-java 1.18 declares them in the footer as the logical type
 *       UNKNOWN, so that pyarrow and DuckDB read nulls.
 * </ul>
 */
final class ParquetTypes {
  static final String LIST = "list";
  static final String ELEMENT = "element";
  static final String KEY_VALUE = "key_value";
  static final String KEY = "key";
  static final String VALUE = "value";

  private static final String MESSAGE = "schema";
  private static final int HALF_BYTES = 2;

  private ParquetTypes() {}

  /**
   * @throws IllegalArgumentException naming a column whose type Parquet has no counterpart for
   */
  static MessageType of(Schema schema) {
    if (schema.getFields().isEmpty()) {
      throw new IllegalArgumentException("A Parquet file needs at least one column");
    }
    return new MessageType(MESSAGE, children("", schema.getFields()));
  }

  private static List<Type> children(String parent, List<Field> fields) {
    return fields.stream()
        .map(
            field ->
                of(
                    parent.isEmpty() ? field.getName() : parent + "." + field.getName(),
                    field.getName(),
                    field))
        .toList();
  }

  private static Type of(String path, String name, Field field) {
    Type.Repetition repetition =
        isNullable(field) ? Type.Repetition.OPTIONAL : Type.Repetition.REQUIRED;
    return switch (minorType(field)) {
      case STRUCT -> {
        if (field.getChildren().isEmpty()) {
          throw new IllegalArgumentException(
              "Column '%s' is a struct without fields, which Parquet cannot hold".formatted(path));
        }
        yield Types.buildGroup(repetition)
            .addFields(children(path, field.getChildren()).toArray(Type[]::new))
            .named(name);
      }
      case LIST, LARGELIST, FIXED_SIZE_LIST ->
          Types.buildGroup(repetition)
              .as(LogicalTypeAnnotation.listType())
              .addField(
                  Types.repeatedGroup()
                      .addField(of(path + "." + ELEMENT, ELEMENT, field.getChildren().get(0)))
                      .named(LIST))
              .named(name);
      case MAP -> {
        Field entry = field.getChildren().get(0);
        yield Types.buildGroup(repetition)
            .as(LogicalTypeAnnotation.mapType())
            .addField(
                Types.repeatedGroup()
                    .addField(of(path + "." + KEY, KEY, keyOf(field)))
                    .addField(of(path + "." + VALUE, VALUE, entry.getChildren().get(1)))
                    .named(KEY_VALUE))
            .named(name);
      }
      default -> {
        Primitive primitive = primitive(path, field);
        yield Types.primitive(primitive.type, repetition)
            .length(primitive.length)
            .as(primitive.logical)
            .named(name);
      }
    };
  }

  private static MinorType minorType(Field field) {
    return org.apache.arrow.vector.types.Types.getMinorTypeForArrowType(field.getType());
  }

  /** A primitive type; {@code length} applies to fixed-length bytes only. */
  private record Primitive(
      PrimitiveTypeName type, int length, @Nullable LogicalTypeAnnotation logical) {
    static Primitive of(PrimitiveTypeName type, @Nullable LogicalTypeAnnotation logical) {
      return new Primitive(type, 0, logical);
    }

    static Primitive fixed(int length, @Nullable LogicalTypeAnnotation logical) {
      return new Primitive(FIXED_LEN_BYTE_ARRAY, length, logical);
    }
  }

  private static Primitive primitive(String path, Field field) {
    return switch (minorType(field)) {
      case NULL -> Primitive.of(INT32, LogicalTypeAnnotation.unknownType());
      case BIT -> Primitive.of(BOOLEAN, null);
      case TINYINT -> Primitive.of(INT32, LogicalTypeAnnotation.intType(8, true));
      case SMALLINT -> Primitive.of(INT32, LogicalTypeAnnotation.intType(16, true));
      case INT -> Primitive.of(INT32, null);
      case BIGINT -> Primitive.of(INT64, null);
      case UINT1 -> Primitive.of(INT32, LogicalTypeAnnotation.intType(8, false));
      case UINT2 -> Primitive.of(INT32, LogicalTypeAnnotation.intType(16, false));
      case UINT4 -> Primitive.of(INT32, LogicalTypeAnnotation.intType(32, false));
      case UINT8 -> Primitive.of(INT64, LogicalTypeAnnotation.intType(64, false));
      case FLOAT2 -> Primitive.fixed(HALF_BYTES, LogicalTypeAnnotation.float16Type());
      case FLOAT4 -> Primitive.of(FLOAT, null);
      case FLOAT8 -> Primitive.of(DOUBLE, null);
      case DECIMAL, DECIMAL256 -> decimal(path, field, (ArrowType.Decimal) field.getType());
      case VARCHAR, LARGEVARCHAR ->
          Primitive.of(BINARY, logical(field, LogicalTypeAnnotation.stringType()));
      case VARBINARY, LARGEVARBINARY -> Primitive.of(BINARY, logical(field, null));
      case FIXEDSIZEBINARY ->
          Primitive.fixed(
              ((ArrowType.FixedSizeBinary) field.getType()).getByteWidth(), logical(field, null));
      case DATEDAY, DATEMILLI -> Primitive.of(INT32, LogicalTypeAnnotation.dateType());
      case TIMESEC, TIMEMILLI -> Primitive.of(INT32, time(TimeUnit.MILLIS));
      case TIMEMICRO -> Primitive.of(INT64, time(TimeUnit.MICROS));
      case TIMENANO -> Primitive.of(INT64, time(TimeUnit.NANOS));
      case TIMESTAMPSEC, TIMESTAMPMILLI -> timestamp(false, TimeUnit.MILLIS);
      case TIMESTAMPSECTZ, TIMESTAMPMILLITZ -> timestamp(true, TimeUnit.MILLIS);
      case TIMESTAMPMICRO -> timestamp(false, TimeUnit.MICROS);
      case TIMESTAMPMICROTZ -> timestamp(true, TimeUnit.MICROS);
      case TIMESTAMPNANO -> timestamp(false, TimeUnit.NANOS);
      case TIMESTAMPNANOTZ -> timestamp(true, TimeUnit.NANOS);
      default -> throw unsupported(path, field);
    };
  }

  private static Primitive decimal(String path, Field field, ArrowType.Decimal type) {
    if (type.getScale() < 0 || type.getScale() > type.getPrecision()) {
      throw unsupported(path, field);
    }
    LogicalTypeAnnotation logical =
        LogicalTypeAnnotation.decimalType(type.getScale(), type.getPrecision());
    return Primitive.fixed(type.getBitWidth() / Byte.SIZE, logical);
  }

  private static LogicalTypeAnnotation time(TimeUnit unit) {
    return LogicalTypeAnnotation.timeType(false, unit);
  }

  private static Primitive timestamp(boolean utc, TimeUnit unit) {
    return Primitive.of(INT64, LogicalTypeAnnotation.timestampType(utc, unit));
  }

  /** The logical type that the field's metadata names. */
  private static @Nullable LogicalTypeAnnotation logical(
      Field field, @Nullable LogicalTypeAnnotation otherwise) {
    String name = field.getMetadata().get(FieldMetadata.LOGICAL_TYPE);
    if (name == null) {
      return otherwise;
    }
    return switch (name) {
      case "UUID" -> LogicalTypeAnnotation.uuidType();
      case "ENUM" -> LogicalTypeAnnotation.enumType();
      case "JSON" -> LogicalTypeAnnotation.jsonType();
      case "BSON" -> LogicalTypeAnnotation.bsonType();
      default -> otherwise;
    };
  }

  /** Columns of the null type are nullable, whatever their field declares. */
  static boolean isNullable(Field field) {
    return field.isNullable() || field.getType() instanceof ArrowType.Null;
  }

  /** The key of a map. Parquet requires that it is not null, but Hive's writers permit null. */
  static Field keyOf(Field map) {
    Field key = map.getChildren().get(0).getChildren().get(0);
    boolean nullable = map.getMetadata().containsKey(FieldMetadata.NULL_KEYS);
    return new Field(
        key.getName(),
        new FieldType(nullable, key.getType(), null, key.getMetadata()),
        key.getChildren());
  }

  static IllegalArgumentException unsupported(String path, Field field) {
    return new IllegalArgumentException(
        "Column '%s' has the type %s, which cannot be written as Parquet; leave the column out"
            .formatted(path, field.getType()));
  }
}
