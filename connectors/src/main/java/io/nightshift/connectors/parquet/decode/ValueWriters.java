package io.nightshift.connectors.parquet.decode;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** The writer for each pair of a Parquet primitive and the vector of its Arrow type. */
final class ValueWriters {
  private static final int DECIMAL_128_BYTES = 16;
  private static final int DECIMAL_256_BYTES = 32;
  private static final int INT96_BYTES = 12;
  private static final int INTERVAL_BYTES = 12;
  private static final long JULIAN_DAY_OF_EPOCH = 2_440_588;
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private ValueWriters() {}

  static ValueWriter of(PrimitiveType type, FieldVector vector, BatchSize size) {
    return switch (vector.getMinorType()) {
      case NULL -> (source, index) -> source.skip();
      case BIT -> {
        BitVector bits = (BitVector) vector;
        yield (source, index) -> bits.setSafe(index, source.getBoolean() ? 1 : 0);
      }
      case FLOAT4 -> {
        Float4Vector floats = (Float4Vector) vector;
        yield (source, index) -> floats.setSafe(index, source.getFloat());
      }
      case FLOAT8 -> {
        Float8Vector doubles = (Float8Vector) vector;
        yield (source, index) -> doubles.setSafe(index, source.getDouble());
      }
      case VARCHAR, VARBINARY -> variableWidth((BaseVariableWidthVector) vector, size);
      case DECIMAL -> decimal128(type.getPrimitiveTypeName(), (DecimalVector) vector);
      case DECIMAL256 -> decimal256(type.getPrimitiveTypeName(), (Decimal256Vector) vector);
      default ->
          switch (type.getPrimitiveTypeName()) {
            case INT32 -> int32(vector);
            case INT64 -> int64(vector);
            case INT96 -> int96((TimeStampVector) vector);
            case FIXED_LEN_BYTE_ARRAY -> fixedWidth(vector);
            default -> throw unreadable(vector);
          };
    };
  }

  private static ValueWriter int32(FieldVector vector) {
    return switch (vector.getMinorType()) {
      case TINYINT -> {
        TinyIntVector values = (TinyIntVector) vector;
        yield (source, index) -> values.setSafe(index, source.getInteger());
      }
      case SMALLINT -> {
        SmallIntVector values = (SmallIntVector) vector;
        yield (source, index) -> values.setSafe(index, source.getInteger());
      }
      case INT -> {
        IntVector values = (IntVector) vector;
        yield (source, index) -> values.setSafe(index, source.getInteger());
      }
      case UINT1 -> {
        UInt1Vector values = (UInt1Vector) vector;
        yield (source, index) -> values.setSafe(index, source.getInteger());
      }
      case UINT2 -> {
        UInt2Vector values = (UInt2Vector) vector;
        yield (source, index) -> values.setSafe(index, source.getInteger());
      }
      case UINT4 -> {
        UInt4Vector values = (UInt4Vector) vector;
        yield (source, index) -> values.setSafe(index, source.getInteger());
      }
      case DATEDAY -> {
        DateDayVector values = (DateDayVector) vector;
        yield (source, index) -> values.setSafe(index, source.getInteger());
      }
      case TIMEMILLI -> {
        TimeMilliVector values = (TimeMilliVector) vector;
        yield (source, index) -> values.setSafe(index, source.getInteger());
      }
      default -> throw unreadable(vector);
    };
  }

  private static ValueWriter int64(FieldVector vector) {
    return switch (vector.getMinorType()) {
      case BIGINT -> {
        BigIntVector values = (BigIntVector) vector;
        yield (source, index) -> values.setSafe(index, source.getLong());
      }
      case UINT8 -> {
        UInt8Vector values = (UInt8Vector) vector;
        yield (source, index) -> values.setSafe(index, source.getLong());
      }
      case TIMEMICRO -> {
        TimeMicroVector values = (TimeMicroVector) vector;
        yield (source, index) -> values.setSafe(index, source.getLong());
      }
      case TIMENANO -> {
        TimeNanoVector values = (TimeNanoVector) vector;
        yield (source, index) -> values.setSafe(index, source.getLong());
      }
      case TIMESTAMPMILLI,
          TIMESTAMPMICRO,
          TIMESTAMPNANO,
          TIMESTAMPMILLITZ,
          TIMESTAMPMICROTZ,
          TIMESTAMPNANOTZ -> {
        TimeStampVector values = (TimeStampVector) vector;
        yield (source, index) -> values.setSafe(index, source.getLong());
      }
      default -> throw unreadable(vector);
    };
  }

  private static ValueWriter variableWidth(BaseVariableWidthVector vector, BatchSize size) {
    return (source, index) -> {
      ByteBuffer bytes = source.getBinary().toByteBuffer();
      size.add(bytes.remaining());
      vector.setSafe(index, bytes, bytes.position(), bytes.remaining());
    };
  }

  private static ValueWriter fixedWidth(FieldVector vector) {
    return switch (vector.getMinorType()) {
      case FLOAT2 -> {
        Float2Vector halves = (Float2Vector) vector;
        yield (source, index) -> halves.setSafe(index, source.getBinary().get2BytesLittleEndian());
      }
      case INTERVALMONTHDAYNANO -> interval((IntervalMonthDayNanoVector) vector);
      case FIXEDSIZEBINARY -> {
        FixedSizeBinaryVector values = (FixedSizeBinaryVector) vector;
        yield (source, index) -> values.setSafe(index, source.getBinary().getBytesUnsafe());
      }
      default -> throw unreadable(vector);
    };
  }

  /** Three unsigned integers of 32 bits: months, days, milliseconds. */
  private static ValueWriter interval(IntervalMonthDayNanoVector vector) {
    return (source, index) -> {
      ByteBuffer bytes = littleEndian(source.getBinary(), INTERVAL_BYTES);
      int months = bytes.getInt();
      int days = bytes.getInt();
      if (months < 0 || days < 0) {
        throw new ArithmeticException("an interval has more than 2^31 months or days");
      }
      long nanos = Integer.toUnsignedLong(bytes.getInt()) * NANOS_PER_MILLI;
      vector.setSafe(index, months, days, nanos);
    };
  }

  /** The timestamp of Impala and Spark: nanoseconds of the day, then the Julian day. */
  private static ValueWriter int96(TimeStampVector vector) {
    return (source, index) -> {
      ByteBuffer bytes = littleEndian(source.getBinary(), INT96_BYTES);
      long nanosOfDay = bytes.getLong();
      long day = bytes.getInt() - JULIAN_DAY_OF_EPOCH;
      vector.setSafe(index, day * MICROS_PER_DAY + Math.floorDiv(nanosOfDay, NANOS_PER_MICRO));
    };
  }

  private static ValueWriter decimal128(PrimitiveTypeName type, DecimalVector vector) {
    return switch (type) {
      case INT32 -> (source, index) -> vector.setSafe(index, (long) source.getInteger());
      case INT64 -> (source, index) -> vector.setSafe(index, source.getLong());
      default ->
          (source, index) ->
              vector.setBigEndianSafe(index, bigEndian(source.getBinary(), DECIMAL_128_BYTES));
    };
  }

  private static ValueWriter decimal256(PrimitiveTypeName type, Decimal256Vector vector) {
    return switch (type) {
      case INT32 -> (source, index) -> vector.setSafe(index, (long) source.getInteger());
      case INT64 -> (source, index) -> vector.setSafe(index, source.getLong());
      default ->
          (source, index) ->
              vector.setBigEndianSafe(index, bigEndian(source.getBinary(), DECIMAL_256_BYTES));
    };
  }

  /** The bytes of a big-endian number, without the sign bytes that are too many for Arrow. */
  private static byte[] bigEndian(Binary number, int limit) {
    byte[] bytes = number.getBytesUnsafe();
    return bytes.length > limit ? new BigInteger(bytes).toByteArray() : bytes;
  }

  private static ByteBuffer littleEndian(Binary value, int length) {
    if (value.length() != length) {
      throw new IllegalArgumentException(
          "a value has " + value.length() + " of " + length + " bytes");
    }
    return value.toByteBuffer().slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static IllegalStateException unreadable(FieldVector vector) {
    return new IllegalStateException("no way to read " + vector.getField());
  }
}
