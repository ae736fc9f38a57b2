package io.nightshift.connectors.parquet.decode;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.ToDoubleFunction;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation.UnknownLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Writers from Parquet primitives into the vectors of their Arrow types. */
final class VectorWriters {
  private static final int DECIMAL_128_BYTES = 16;
  private static final int DECIMAL_256_BYTES = 32;
  private static final int INT96_BYTES = 12;
  private static final int INTERVAL_BYTES = 12;
  private static final long JULIAN_DAY_OF_EPOCH = 2_440_588;
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private VectorWriters() {}

  /**
   * @param vector of the type's Arrow type or a wider one; of any type if all values are null
   */
  static VectorWriter of(PrimitiveType type, FieldVector vector, BatchSize size) {
    if (type.getLogicalTypeAnnotation() instanceof UnknownLogicalTypeAnnotation) {
      return (source, index) -> {
        source.skip();
        vector.setNull(index);
      };
    }
    return switch (vector.getMinorType()) {
      case BIT -> {
        BitVector bits = (BitVector) vector;
        yield (source, index) -> bits.setSafe(index, source.getBoolean() ? 1 : 0);
      }
      case FLOAT2, FLOAT4, FLOAT8 -> floatingPoint(type, vector);
      case VARCHAR, VARBINARY -> variableWidth((BaseVariableWidthVector) vector, size);
      case DECIMAL -> decimal128(type.getPrimitiveTypeName(), (DecimalVector) vector);
      case DECIMAL256 -> decimal256(type.getPrimitiveTypeName(), (Decimal256Vector) vector);
      default ->
          switch (type.getPrimitiveTypeName()) {
            case INT32 -> IntegerVectorWriters.int32(type, vector);
            case INT64 -> IntegerVectorWriters.int64(vector);
            case INT96 -> int96(vector);
            case FIXED_LEN_BYTE_ARRAY -> fixedWidth(vector);
            default -> nothing(vector);
          };
    };
  }

  private static VectorWriter floatingPoint(PrimitiveType type, FieldVector vector) {
    ToDoubleFunction<ColumnReader> value =
        switch (type.getPrimitiveTypeName()) {
          case DOUBLE -> ColumnReader::getDouble;
          case FLOAT -> ColumnReader::getFloat;
          default -> source -> Float16.toFloat(source.getBinary().get2BytesLittleEndian());
        };
    if (vector instanceof Float2Vector halves) {
      return (source, index) -> halves.setSafe(index, source.getBinary().get2BytesLittleEndian());
    }
    if (vector instanceof Float4Vector floats) {
      return (source, index) -> floats.setSafe(index, (float) value.applyAsDouble(source));
    }
    Float8Vector doubles = (Float8Vector) vector;
    return (source, index) -> doubles.setSafe(index, value.applyAsDouble(source));
  }

  private static VectorWriter variableWidth(BaseVariableWidthVector vector, BatchSize size) {
    return (source, index) -> {
      ByteBuffer bytes = source.getBinary().toByteBuffer();
      size.add(bytes.remaining());
      vector.setSafe(index, bytes, bytes.position(), bytes.remaining());
    };
  }

  private static VectorWriter fixedWidth(FieldVector vector) {
    return switch (vector.getMinorType()) {
      case INTERVALMONTHDAYNANO -> interval((IntervalMonthDayNanoVector) vector);
      case FIXEDSIZEBINARY -> {
        FixedSizeBinaryVector values = (FixedSizeBinaryVector) vector;
        yield (source, index) -> values.setSafe(index, source.getBinary().getBytesUnsafe());
      }
      default -> nothing(vector);
    };
  }

  /** Three unsigned integers of 32 bits: months, days, milliseconds. */
  private static VectorWriter interval(IntervalMonthDayNanoVector vector) {
    return (source, index) -> {
      ByteBuffer bytes = littleEndian(source.getBinary(), INTERVAL_BYTES);
      int months = bytes.getInt();
      int days = bytes.getInt();
      if (months < 0 || days < 0) {
        throw new UnreadableValueException("holds an interval of more than 2^31 months or days");
      }
      long nanos = Integer.toUnsignedLong(bytes.getInt()) * NANOS_PER_MILLI;
      vector.setSafe(index, months, days, nanos);
    };
  }

  /** The timestamp of Impala and Spark: nanoseconds of the day, then the Julian day. */
  private static VectorWriter int96(FieldVector vector) {
    if (!(vector instanceof TimeStampVector timestamps)) {
      return nothing(vector);
    }
    return (source, index) -> {
      ByteBuffer bytes = littleEndian(source.getBinary(), INT96_BYTES);
      long nanosOfDay = bytes.getLong();
      long day = bytes.getInt() - JULIAN_DAY_OF_EPOCH;
      try {
        long micros = Math.multiplyExact(day, MICROS_PER_DAY);
        timestamps.setSafe(
            index, Math.addExact(micros, Math.floorDiv(nanosOfDay, NANOS_PER_MICRO)));
      } catch (ArithmeticException overflow) {
        throw new UnreadableValueException(
            "holds a timestamp of %s days from 1970, for which 64 bits have no microseconds"
                .formatted(day));
      }
    };
  }

  private static VectorWriter decimal128(PrimitiveTypeName type, DecimalVector vector) {
    return switch (type) {
      case INT32 -> (source, index) -> vector.setSafe(index, (long) source.getInteger());
      case INT64 -> (source, index) -> vector.setSafe(index, source.getLong());
      default ->
          (source, index) ->
              vector.setBigEndianSafe(index, bigEndian(source.getBinary(), DECIMAL_128_BYTES));
    };
  }

  private static VectorWriter decimal256(PrimitiveTypeName type, Decimal256Vector vector) {
    return switch (type) {
      case INT32 -> (source, index) -> vector.setSafe(index, (long) source.getInteger());
      case INT64 -> (source, index) -> vector.setSafe(index, source.getLong());
      default ->
          (source, index) ->
              vector.setBigEndianSafe(index, bigEndian(source.getBinary(), DECIMAL_256_BYTES));
    };
  }

  /** The bytes of a big-endian number, without the sign bytes that exceed Arrow's width. */
  private static byte[] bigEndian(Binary number, int limit) {
    byte[] bytes = number.getBytesUnsafe();
    if (bytes.length > limit) {
      bytes = new BigInteger(bytes).toByteArray();
    }
    if (bytes.length > limit) {
      throw new UnreadableValueException(
          "holds a decimal of %s bytes, of which %s are too many"
              .formatted(bytes.length, bytes.length - limit));
    }
    return bytes;
  }

  private static ByteBuffer littleEndian(Binary value, int length) {
    if (value.length() != length) {
      throw new IllegalArgumentException(
          "a value has " + value.length() + " of " + length + " bytes");
    }
    return value.toByteBuffer().slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** For columns without values, which may have another type than in other files. */
  static VectorWriter nothing(FieldVector vector) {
    return (source, index) -> {
      throw new ParquetDecodingException(
          "there is a value where the footer says that all are null, or that they are "
              + vector.getField().getType());
    };
  }
}
