package io.nightshift.connectors.parquet.decode;

import java.util.function.ToLongFunction;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
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
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/** Writers from Parquet's integers into the vectors that can hold them. */
final class IntegerVectorWriters {
  private IntegerVectorWriters() {}

  /** Writes integers of up to 32 bits; a file may hold values outside of the declared range. */
  static VectorWriter int32(PrimitiveType type, FieldVector vector) {
    ToLongFunction<ColumnReader> value = integer(type);
    return switch (vector.getMinorType()) {
      case TINYINT -> {
        TinyIntVector values = (TinyIntVector) vector;
        yield (source, index) -> values.setSafe(index, (int) value.applyAsLong(source));
      }
      case SMALLINT -> {
        SmallIntVector values = (SmallIntVector) vector;
        yield (source, index) -> values.setSafe(index, (int) value.applyAsLong(source));
      }
      case INT -> {
        IntVector values = (IntVector) vector;
        yield (source, index) -> values.setSafe(index, (int) value.applyAsLong(source));
      }
      case BIGINT -> {
        BigIntVector values = (BigIntVector) vector;
        yield (source, index) -> values.setSafe(index, value.applyAsLong(source));
      }
      case UINT1 -> {
        UInt1Vector values = (UInt1Vector) vector;
        yield (source, index) -> values.setSafe(index, (int) value.applyAsLong(source));
      }
      case UINT2 -> {
        UInt2Vector values = (UInt2Vector) vector;
        yield (source, index) -> values.setSafe(index, (int) value.applyAsLong(source));
      }
      case UINT4 -> {
        UInt4Vector values = (UInt4Vector) vector;
        yield (source, index) -> values.setSafe(index, (int) value.applyAsLong(source));
      }
      case UINT8 -> {
        UInt8Vector values = (UInt8Vector) vector;
        yield (source, index) -> values.setSafe(index, value.applyAsLong(source));
      }
      case DATEDAY -> {
        DateDayVector values = (DateDayVector) vector;
        yield (source, index) -> values.setSafe(index, source.getInteger());
      }
      case TIMEMILLI -> {
        TimeMilliVector values = (TimeMilliVector) vector;
        yield (source, index) -> values.setSafe(index, source.getInteger());
      }
      default -> VectorWriters.nothing(vector);
    };
  }

  private static ToLongFunction<ColumnReader> integer(PrimitiveType type) {
    if (!(type.getLogicalTypeAnnotation() instanceof IntLogicalTypeAnnotation integer)) {
      return ColumnReader::getInteger;
    }
    if (integer.getBitWidth() == Integer.SIZE) {
      return integer.isSigned()
          ? ColumnReader::getInteger
          : source -> Integer.toUnsignedLong(source.getInteger());
    }
    int bits = integer.getBitWidth();
    int least = integer.isSigned() ? -1 << (bits - 1) : 0;
    int most = integer.isSigned() ? ~least : (1 << bits) - 1;
    return source -> {
      int value = source.getInteger();
      if (value < least || value > most) {
        throw new UnreadableValueException(
            "holds %s, which is no %ssigned integer of %s bits"
                .formatted(value, integer.isSigned() ? "" : "un", bits));
      }
      return value;
    };
  }

  static VectorWriter int64(FieldVector vector) {
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
      default -> VectorWriters.nothing(vector);
    };
  }
}
