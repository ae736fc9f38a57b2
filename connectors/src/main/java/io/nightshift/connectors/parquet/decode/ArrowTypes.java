package io.nightshift.connectors.parquet.decode;

import io.nightshift.connectors.arrow.schema.FieldMetadata;
import java.util.Map;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.BsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntervalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UnknownLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/**
 * The Arrow type of a Parquet primitive:
 *
 * <table>
 *   <caption>Parquet to Arrow</caption>
 *   <tr><th>Parquet</th><th>Arrow</th></tr>
 *   <tr><td>BOOLEAN</td><td>Bool</td></tr>
 *   <tr><td>INT32, INT64; INT(bits, signed)</td><td>Int of the same bits and sign</td></tr>
 *   <tr><td>FLOAT16, FLOAT, DOUBLE</td><td>FloatingPoint HALF, SINGLE, DOUBLE</td></tr>
 *   <tr><td>DATE</td><td>Date(DAY)</td></tr>
 *   <tr><td>TIME(unit)</td><td>Time(unit)</td></tr>
 *   <tr><td>TIMESTAMP(unit, UTC or not)</td><td>Timestamp(unit, "UTC" or none)</td></tr>
 *   <tr><td>INT96</td><td>Timestamp(MICROSECOND, none): nanoseconds cannot represent the years
 *       1 and 9999, which writers use; finer fractions are truncated</td></tr>
 *   <tr><td>DECIMAL to 38 and to 76 digits</td><td>Decimal of 128 and 256 bits</td></tr>
 *   <tr><td>STRING, ENUM, JSON</td><td>Utf8; the bytes are not checked</td></tr>
 *   <tr><td>BYTE_ARRAY, BSON and others</td><td>Binary</td></tr>
 *   <tr><td>FIXED_LEN_BYTE_ARRAY, UUID</td><td>FixedSizeBinary</td></tr>
 *   <tr><td>INTERVAL</td><td>Interval(MONTH_DAY_NANO)</td></tr>
 *   <tr><td>UNKNOWN</td><td>Null</td></tr>
 * </table>
 *
 * <p>Legacy converted types are read as the logical types that replaced them; an Arrow schema that
 * a writer stored in the file is not used. A logical type that Arrow has no type for is kept in the
 * field's metadata under {@link FieldMetadata#LOGICAL_TYPE}.
 */
public final class ArrowTypes {
  private static final int DECIMAL_128_DIGITS = 38;
  private static final int DECIMAL_256_DIGITS = 76;

  private ArrowTypes() {}

  /**
   * @throws UnsupportedOperationException if Arrow cannot hold the values
   */
  static ArrowType of(PrimitiveType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (logical instanceof UnknownLogicalTypeAnnotation) {
      return ArrowType.Null.INSTANCE;
    }
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return decimal(decimal);
    }
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> ArrowType.Bool.INSTANCE;
      case INT32, INT64 -> integer(type, logical);
      case INT96 -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
      case FLOAT -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
      case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case BINARY -> isText(logical) ? ArrowType.Utf8.INSTANCE : ArrowType.Binary.INSTANCE;
      case FIXED_LEN_BYTE_ARRAY -> fixed(type, logical);
    };
  }

  /** The metadata for what the Arrow type cannot express. */
  static Map<String, String> metadata(PrimitiveType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (logical instanceof UUIDLogicalTypeAnnotation
        || logical instanceof EnumLogicalTypeAnnotation
        || logical instanceof JsonLogicalTypeAnnotation
        || logical instanceof BsonLogicalTypeAnnotation) {
      return Map.of(FieldMetadata.LOGICAL_TYPE, logical.toString());
    }
    return Map.of();
  }

  private static ArrowType integer(PrimitiveType type, LogicalTypeAnnotation logical) {
    if (logical instanceof IntLogicalTypeAnnotation integer) {
      return new ArrowType.Int(integer.getBitWidth(), integer.isSigned());
    }
    if (logical instanceof DateLogicalTypeAnnotation) {
      return new ArrowType.Date(DateUnit.DAY);
    }
    if (logical instanceof TimeLogicalTypeAnnotation time) {
      TimeUnit unit = unit(time.getUnit());
      return new ArrowType.Time(unit, unit == TimeUnit.MILLISECOND ? 32 : 64);
    }
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      return new ArrowType.Timestamp(
          unit(timestamp.getUnit()), timestamp.isAdjustedToUTC() ? "UTC" : null);
    }
    boolean wide = type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT64;
    return new ArrowType.Int(wide ? 64 : 32, true);
  }

  private static ArrowType decimal(DecimalLogicalTypeAnnotation decimal) {
    int precision = decimal.getPrecision();
    if (precision > DECIMAL_256_DIGITS) {
      throw new UnsupportedOperationException(
          "has " + precision + " decimal digits; at most " + DECIMAL_256_DIGITS + " are supported");
    }
    int bits = precision > DECIMAL_128_DIGITS ? 256 : 128;
    return new ArrowType.Decimal(precision, decimal.getScale(), bits);
  }

  private static ArrowType fixed(PrimitiveType type, LogicalTypeAnnotation logical) {
    if (logical instanceof Float16LogicalTypeAnnotation) {
      return new ArrowType.FloatingPoint(FloatingPointPrecision.HALF);
    }
    if (logical instanceof IntervalLogicalTypeAnnotation) {
      return new ArrowType.Interval(IntervalUnit.MONTH_DAY_NANO);
    }
    return new ArrowType.FixedSizeBinary(type.getTypeLength());
  }

  private static boolean isText(LogicalTypeAnnotation logical) {
    return logical instanceof StringLogicalTypeAnnotation
        || logical instanceof EnumLogicalTypeAnnotation
        || logical instanceof JsonLogicalTypeAnnotation;
  }

  private static TimeUnit unit(LogicalTypeAnnotation.TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> TimeUnit.MILLISECOND;
      case MICROS -> TimeUnit.MICROSECOND;
      case NANOS -> TimeUnit.NANOSECOND;
    };
  }
}
