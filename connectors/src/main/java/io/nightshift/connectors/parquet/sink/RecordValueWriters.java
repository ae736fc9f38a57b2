package io.nightshift.connectors.parquet.sink;

import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.Types;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.parquet.io.api.Binary;

/** How the values of each Arrow type are written as the type that {@link ParquetTypes} chose. */
final class RecordValueWriters {
  private RecordValueWriters() {}

  /**
   * @param path the field's dotted path, for errors
   */
  static RecordValueWriter of(String path, Field field) {
    return switch (Types.getMinorTypeForArrowType(field.getType())) {
      case BIT -> (vector, row, out) -> out.addBoolean(((BitVector) vector).get(row) != 0);
      case TINYINT, SMALLINT, INT, UINT1, UINT2, UINT4 ->
          (vector, row, out) -> out.addInteger((int) ((BaseIntVector) vector).getValueAsLong(row));
      case BIGINT, UINT8 ->
          (vector, row, out) -> out.addLong(((BaseIntVector) vector).getValueAsLong(row));
      case FLOAT2 -> (vector, row, out) -> out.addBinary(half(((Float2Vector) vector).get(row)));
      case FLOAT4 -> (vector, row, out) -> out.addFloat(((Float4Vector) vector).get(row));
      case FLOAT8 -> (vector, row, out) -> out.addDouble(((Float8Vector) vector).get(row));
      case DECIMAL -> decimal(DecimalVector.TYPE_WIDTH);
      case DECIMAL256 -> decimal(Decimal256Vector.TYPE_WIDTH);
      case VARCHAR -> binary((vector, row) -> ((VarCharVector) vector).get(row));
      case LARGEVARCHAR -> binary((vector, row) -> ((LargeVarCharVector) vector).get(row));
      case VARBINARY -> binary((vector, row) -> ((VarBinaryVector) vector).get(row));
      case LARGEVARBINARY -> binary((vector, row) -> ((LargeVarBinaryVector) vector).get(row));
      case FIXEDSIZEBINARY -> binary((vector, row) -> ((FixedSizeBinaryVector) vector).get(row));
      case DATEDAY -> (vector, row, out) -> out.addInteger(((DateDayVector) vector).get(row));
      case DATEMILLI ->
          (vector, row, out) -> out.addInteger(days(((DateMilliVector) vector).get(row)));
      case TIMESEC ->
          (vector, row, out) ->
              out.addInteger((int) TimeUnit.SECONDS.toMillis(((TimeSecVector) vector).get(row)));
      case TIMEMILLI -> (vector, row, out) -> out.addInteger(((TimeMilliVector) vector).get(row));
      case TIMEMICRO -> (vector, row, out) -> out.addLong(((TimeMicroVector) vector).get(row));
      case TIMENANO -> (vector, row, out) -> out.addLong(((TimeNanoVector) vector).get(row));
      case TIMESTAMPSEC, TIMESTAMPSECTZ ->
          (vector, row, out) ->
              out.addLong(Math.multiplyExact(((TimeStampVector) vector).get(row), 1_000L));
      case TIMESTAMPMILLI,
          TIMESTAMPMILLITZ,
          TIMESTAMPMICRO,
          TIMESTAMPMICROTZ,
          TIMESTAMPNANO,
          TIMESTAMPNANOTZ ->
          (vector, row, out) -> out.addLong(((TimeStampVector) vector).get(row));
      case STRUCT -> NestedWriters.struct(path, field);
      case LIST -> NestedWriters.list(path, field);
      case LARGELIST -> NestedWriters.largeList(path, field);
      case FIXED_SIZE_LIST -> NestedWriters.fixedSizeList(path, field);
      case MAP -> NestedWriters.map(path, field);
      case NULL ->
          (vector, row, out) -> {
            throw new IllegalStateException("Column '" + path + "' of the null type has a value");
          };
      default -> throw ParquetTypes.unsupported(path, field);
    };
  }

  /** Bytes of a cell, as a new array. */
  private interface Bytes {
    byte[] of(FieldVector vector, int row);
  }

  private static RecordValueWriter binary(Bytes bytes) {
    return (vector, row, out) -> out.addBinary(Binary.fromConstantByteArray(bytes.of(vector, row)));
  }

  private static Binary half(short bits) {
    return Binary.fromConstantByteArray(new byte[] {(byte) bits, (byte) (bits >> Byte.SIZE)});
  }

  private static int days(long milliseconds) {
    return Math.toIntExact(Math.floorDiv(milliseconds, TimeUnit.DAYS.toMillis(1)));
  }

  /** Arrow's decimals are little-endian integers of {@code width} bytes. */
  private static RecordValueWriter decimal(int width) {
    return (vector, row, out) ->
        out.addBinary(bigEndian(vector.getDataBuffer(), (long) row * width, width));
  }

  private static Binary bigEndian(ArrowBuf buffer, long offset, int length) {
    byte[] bytes = new byte[length];
    for (int index = 0; index < length; index++) {
      bytes[length - 1 - index] = buffer.getByte(offset + index);
    }
    return Binary.fromConstantByteArray(bytes);
  }
}
