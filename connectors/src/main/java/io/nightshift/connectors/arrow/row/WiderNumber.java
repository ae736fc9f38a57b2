package io.nightshift.connectors.arrow.row;

import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.types.Types.MinorType;

/** Writes a number of a vector as the bytes of a wider type, little-endian as Arrow has them. */
@FunctionalInterface
interface WiderNumber {
  void write(int cell, RowOutput out);

  /**
   * @throws IllegalArgumentException if {@code wider} does not hold all numbers of {@code vector}
   */
  static WiderNumber of(FieldVector vector, MinorType wider) {
    if (vector instanceof BaseIntVector integers) {
      int width = width(wider);
      if (width > 0) {
        return (cell, out) -> out.writeLittleEndian(integers.getValueAsLong(cell), width);
      }
    }
    if (vector instanceof FloatingPointVector floats && wider == MinorType.FLOAT8) {
      return (cell, out) ->
          out.writeLittleEndian(
              Double.doubleToRawLongBits(floats.getValueAsDouble(cell)), Double.BYTES);
    }
    if (vector instanceof Float2Vector halves && wider == MinorType.FLOAT4) {
      return (cell, out) ->
          out.writeLittleEndian(Float.floatToRawIntBits(halves.getValueAsFloat(cell)), Float.BYTES);
    }
    if (vector instanceof DecimalVector decimals && wider == MinorType.DECIMAL256) {
      return (cell, out) -> {
        long offset = (long) cell * DecimalVector.TYPE_WIDTH;
        out.writeBytes(decimals.getDataBuffer(), offset, DecimalVector.TYPE_WIDTH);
        long sign = decimals.getDataBuffer().getLong(offset + Long.BYTES) >> (Long.SIZE - 1);
        out.writeLittleEndian(sign, Long.BYTES);
        out.writeLittleEndian(sign, Long.BYTES);
      };
    }
    throw new IllegalArgumentException(
        "Column '%s' of type %s does not fit the type %s"
            .formatted(vector.getName(), vector.getField().getType(), wider));
  }

  private static int width(MinorType integer) {
    return switch (integer) {
      case SMALLINT, UINT2 -> Short.BYTES;
      case INT, UINT4 -> Integer.BYTES;
      case BIGINT, UINT8 -> Long.BYTES;
      default -> 0;
    };
  }
}
