package io.nightshift.connectors.arrow.row;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.Types;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Writes and reads a run of neighboring cells of one vector: a single cell for a column of a row,
 * several for the elements of a list.
 *
 * <p>A run consists of one header byte, a validity bitmap if the header announces one, and the
 * values. An empty run takes no bytes.
 */
abstract class CellCodec {
  private static final byte NONE_NULL = 0;
  private static final byte SOME_NULL = 1;
  private static final byte ALL_NULL = 2;

  static CellCodec[] of(List<Field> fields) {
    return fields.stream().map(CellCodec::of).toArray(CellCodec[]::new);
  }

  static CellCodec of(Field field) {
    if (field.getDictionary() != null) {
      throw unsupported(field, "is dictionary-encoded; decode it first");
    }
    MinorType type = Types.getMinorTypeForArrowType(field.getType());
    return switch (type) {
      case NULL -> new NullCells();
      case BIT -> new BooleanCells();
      case VARCHAR, VARBINARY -> new VariableWidthCells();
      case LARGEVARCHAR, LARGEVARBINARY -> new LargeVariableWidthCells();
      case STRUCT -> new StructCells(of(field.getChildren()));
      case LIST, MAP -> new ListCells(of(field.getChildren().get(0)));
      case LARGELIST -> new LargeListCells(of(field.getChildren().get(0)));
      case FIXED_SIZE_LIST -> new FixedSizeListCells(of(field.getChildren().get(0)));
      case UNION, DENSEUNION, LISTVIEW, LARGELISTVIEW, VIEWVARCHAR, VIEWVARBINARY, RUNENDENCODED ->
          throw unsupported(field, "has a type that Parquet files do not give");
      default -> new FixedWidthCells(type);
    };
  }

  private static IllegalArgumentException unsupported(Field field, String why) {
    return new IllegalArgumentException(
        "Column '%s' of type %s %s".formatted(field.getName(), field.getType(), why));
  }

  /** Appends the cells {@code start} to {@code start + count} (exclusive) of {@code vector}. */
  void write(FieldVector vector, int start, int count, RowOutput out) {
    int nulls = 0;
    for (int cell = start; cell < start + count; cell++) {
      nulls += vector.isNull(cell) ? 1 : 0;
    }
    if (count == 0) {
      return;
    }
    if (nulls == count) {
      out.writeByte(ALL_NULL);
    } else if (nulls == 0) {
      out.writeByte(NONE_NULL);
      writePresent(vector, start, count, out);
    } else {
      out.writeByte(SOME_NULL);
      writeValidity(vector, start, count, out);
      writeSome(vector, start, count, out);
    }
  }

  private static void writeValidity(FieldVector vector, int start, int count, RowOutput out) {
    for (int first = 0; first < count; first += Byte.SIZE) {
      int bits = 0;
      for (int bit = 0; bit < Math.min(Byte.SIZE, count - first); bit++) {
        bits |= (vector.isNull(start + first + bit) ? 0 : 1) << bit;
      }
      out.writeByte((byte) bits);
    }
  }

  /** Reads what {@link #write} wrote into the same number of cells from {@code start} on. */
  void read(RowInput in, FieldVector vector, int start, int count) {
    if (count == 0) {
      return;
    }
    byte header = in.readByte();
    switch (header) {
      case NONE_NULL -> readPresent(in, vector, start, count);
      case SOME_NULL -> {
        int validity = in.skip((count + Byte.SIZE - 1) / Byte.SIZE);
        readSome(in, validity, vector, start, count);
      }
      case ALL_NULL -> setNull(vector, start, count);
      default ->
          throw new IllegalArgumentException(
              "Not a row of this schema: column '%s' begins with byte %s, expected 0, 1 or 2"
                  .formatted(vector.getName(), header));
    }
  }

  /** Appends cells, none of which is null. */
  abstract void writePresent(FieldVector vector, int start, int count, RowOutput out);

  abstract void readPresent(RowInput in, FieldVector vector, int start, int count);

  /** Appends the cells that are not null; the validity bitmap tells the reader which these are. */
  void writeSome(FieldVector vector, int start, int count, RowOutput out) {
    for (int cell = start; cell < start + count; cell++) {
      if (!vector.isNull(cell)) {
        writePresent(vector, cell, 1, out);
      }
    }
  }

  /** {@code validity} is the position of the bitmap in {@code in}. */
  void readSome(RowInput in, int validity, FieldVector vector, int start, int count) {
    for (int cell = 0; cell < count; cell++) {
      if (in.bitAt(validity, cell)) {
        readPresent(in, vector, start + cell, 1);
      } else {
        setNull(vector, start + cell, 1);
      }
    }
  }

  static void setNull(FieldVector vector, int start, int count) {
    for (int cell = start; cell < start + count; cell++) {
      vector.setNull(cell);
    }
  }
}
