package io.nightshift.connectors.arrow.row;

import io.nightshift.connectors.arrow.schema.FieldMetadata;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Random schemas of every type that Parquet can carry, at any depth, and random rows for them. */
public final class RandomBatches {
  private static final int MAXIMUM_DEPTH = 3;
  private static final int SECONDS_A_DAY = 86_400;
  private static final String ALPHABET = "abc \n\0é€𝄞\uFFFD";

  private static final ArrowType UUID = new ArrowType.FixedSizeBinary(16);

  private static final List<ArrowType> LEAVES =
      Stream.of(
              IntStream.of(8, 16, 32, 64)
                  .boxed()
                  .flatMap(
                      bits ->
                          Stream.of(new ArrowType.Int(bits, true), new ArrowType.Int(bits, false))),
              Stream.of(FloatingPointPrecision.values()).map(ArrowType.FloatingPoint::new),
              Stream.of(
                  new ArrowType.Decimal(7, 2, 128),
                  new ArrowType.Decimal(18, 0, 128),
                  new ArrowType.Decimal(38, 10, 128),
                  new ArrowType.Decimal(60, 20, 256)),
              Stream.of(new ArrowType.Utf8(), new ArrowType.Binary(), new ArrowType.Bool()),
              Stream.of(new ArrowType.LargeUtf8(), new ArrowType.LargeBinary()),
              Stream.of(new ArrowType.FixedSizeBinary(5), UUID),
              Stream.of(new ArrowType.Date(DateUnit.DAY), new ArrowType.Date(DateUnit.MILLISECOND)),
              Stream.of(
                  new ArrowType.Time(TimeUnit.SECOND, 32),
                  new ArrowType.Time(TimeUnit.MILLISECOND, 32),
                  new ArrowType.Time(TimeUnit.MICROSECOND, 64),
                  new ArrowType.Time(TimeUnit.NANOSECOND, 64)),
              Stream.of(TimeUnit.values())
                  .flatMap(
                      unit ->
                          Stream.of(
                              new ArrowType.Timestamp(unit, null),
                              new ArrowType.Timestamp(unit, "UTC"))),
              Stream.of(new ArrowType.Null()))
          .<ArrowType>flatMap(types -> types)
          .toList();

  private static final List<ArrowType> LEAVES_AND_INTERVALS =
      Stream.concat(LEAVES.stream(), Stream.of(new ArrowType.Interval(IntervalUnit.MONTH_DAY_NANO)))
          .toList();

  private final Random random;
  private final List<ArrowType> leaves;

  /** Of all types that can be written as Parquet. */
  public RandomBatches(long seed) {
    this(seed, LEAVES);
  }

  private RandomBatches(long seed, List<ArrowType> leaves) {
    this.random = new Random(seed);
    this.leaves = leaves;
  }

  /** Of all types that can be read from Parquet. */
  public static RandomBatches withIntervals(long seed) {
    return new RandomBatches(seed, LEAVES_AND_INTERVALS);
  }

  /** A schema of 1 to 8 columns. */
  public Schema schema() {
    return new Schema(fields(1 + random.nextInt(8), 0));
  }

  private List<Field> fields(int count, int depth) {
    return IntStream.range(0, count).mapToObj(index -> field("c" + index, depth)).toList();
  }

  private Field field(String name, int depth) {
    boolean nullable = random.nextInt(4) > 0;
    int kind = depth < MAXIMUM_DEPTH ? random.nextInt(16) : 15;
    return switch (kind) {
      case 0, 1 -> struct(name, nullable, fields(1 + random.nextInt(3), depth + 1));
      case 2, 3 -> list(name, nullable, new ArrowType.List(), depth);
      case 4 -> list(name, nullable, new ArrowType.LargeList(), depth);
      case 5 -> list(name, nullable, new ArrowType.FixedSizeList(1 + random.nextInt(3)), depth);
      case 6, 7 -> map(name, nullable, depth);
      default -> leaf(name, nullable, leaves.get(random.nextInt(leaves.size())));
    };
  }

  private static Field leaf(String name, boolean nullable, ArrowType type) {
    boolean isNull = type instanceof ArrowType.Null;
    Map<String, String> metadata =
        type.equals(UUID) ? Map.of(FieldMetadata.LOGICAL_TYPE, "UUID") : Map.of();
    return new Field(name, new FieldType(nullable || isNull, type, null, metadata), null);
  }

  private static Field struct(String name, boolean nullable, List<Field> children) {
    return new Field(name, new FieldType(nullable, new ArrowType.Struct(), null), children);
  }

  private Field list(String name, boolean nullable, ArrowType type, int depth) {
    return new Field(
        name, new FieldType(nullable, type, null), List.of(field("element", depth + 1)));
  }

  private Field map(String name, boolean nullable, int depth) {
    Field key =
        leaf(
            MapVector.KEY_NAME,
            false,
            random.nextBoolean() ? new ArrowType.Utf8() : new ArrowType.Int(32, true));
    Field value = field(MapVector.VALUE_NAME, depth + 1);
    return new Field(
        name,
        new FieldType(nullable, new ArrowType.Map(false), null),
        List.of(struct(MapVector.DATA_VECTOR_NAME, false, List.of(key, value))));
  }

  /** A batch of {@code rows} random rows; the caller closes it. */
  public VectorSchemaRoot batch(Schema schema, int rows, BufferAllocator allocator) {
    VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
    for (FieldVector vector : root.getFieldVectors()) {
      fill(vector, 0, rows);
    }
    root.setRowCount(rows);
    return root;
  }

  private void fill(FieldVector vector, int start, int count) {
    for (int row = start; row < start + count; row++) {
      if (vector.getField().isNullable() && random.nextInt(4) == 0) {
        vector.setNull(row);
        fillBelowNull(vector, row);
      } else {
        fillCell(vector, row);
      }
    }
  }

  /** A column that allows no nulls has none below a null struct either. */
  private void fillBelowNull(FieldVector vector, int row) {
    if (vector instanceof StructVector structs) {
      structs.getChildrenFromFields().forEach(child -> fill(child, row, 1));
    } else if (vector instanceof FixedSizeListVector lists) {
      fill(lists.getDataVector(), row * lists.getListSize(), lists.getListSize());
    }
  }

  private void fillCell(FieldVector vector, int row) {
    if (vector instanceof StructVector structs) {
      structs.getChildrenFromFields().forEach(child -> fill(child, row, 1));
      structs.setIndexDefined(row);
    } else if (vector instanceof ListVector lists) {
      int length = random.nextInt(4);
      fill(lists.getDataVector(), lists.startNewValue(row), length);
      lists.endValue(row, length);
    } else if (vector instanceof LargeListVector lists) {
      int length = random.nextInt(4);
      fill(lists.getDataVector(), Math.toIntExact(lists.startNewValue(row)), length);
      lists.endValue(row, length);
    } else if (vector instanceof FixedSizeListVector lists) {
      fill(lists.getDataVector(), lists.startNewValue(row), lists.getListSize());
    } else if (vector instanceof BaseVariableWidthVector values) {
      values.setSafe(row, bytesFor(values));
    } else if (vector instanceof BaseLargeVariableWidthVector values) {
      values.setSafe(row, bytesFor(values));
    } else if (!(vector instanceof NullVector)) {
      fillNumber((BaseFixedWidthVector) vector, row);
    }
  }

  private void fillNumber(BaseFixedWidthVector vector, int row) {
    if (vector instanceof BitVector booleans) {
      booleans.setSafe(row, random.nextInt(2));
    } else if (vector instanceof DecimalVector decimals) {
      decimals.setSafe(row, decimal(decimals.getPrecision(), decimals.getScale()));
    } else if (vector instanceof Decimal256Vector decimals) {
      decimals.setSafe(row, decimal(decimals.getPrecision(), decimals.getScale()));
    } else if (vector instanceof TimeSecVector times) {
      times.setSafe(row, random.nextInt(SECONDS_A_DAY));
    } else if (vector instanceof TimeMilliVector times) {
      times.setSafe(row, random.nextInt(SECONDS_A_DAY * 1_000));
    } else if (vector instanceof TimeMicroVector times) {
      times.setSafe(row, random.nextInt(SECONDS_A_DAY) * 1_000_000L + random.nextInt(1_000_000));
    } else if (vector instanceof TimeNanoVector times) {
      times.setSafe(row, random.nextInt(SECONDS_A_DAY) * 1_000_000_000L + random.nextInt());
    } else if (vector instanceof DateDayVector dates) {
      dates.setSafe(row, random.nextInt(-100_000, 100_000));
    } else if (vector instanceof DateMilliVector dates) {
      dates.setSafe(row, random.nextInt(-100_000, 100_000) * 1_000L * SECONDS_A_DAY);
    } else if (vector instanceof IntervalMonthDayNanoVector intervals) {
      long nanoseconds = random.nextInt(Integer.MAX_VALUE) * 1_000_000L;
      intervals.setSafe(row, random.nextInt(100), random.nextInt(100), nanoseconds);
    } else if (vector instanceof TimeStampVector timestamps) {
      timestamps.setSafe(row, random.nextLong(-8_000_000_000L, 8_000_000_000L));
    } else if (vector instanceof Float2Vector floats) {
      floats.setSafeWithPossibleTruncate(row, (float) random.nextGaussian());
    } else if (vector instanceof Float4Vector floats) {
      floats.setSafe(row, (float) random.nextGaussian());
    } else if (vector instanceof Float8Vector floats) {
      floats.setSafe(row, random.nextGaussian());
    } else {
      fillFixedWidth(vector, row, bytes(vector.getTypeWidth()));
    }
  }

  private static void fillFixedWidth(FieldVector vector, int row, byte[] bytes) {
    while (vector.getValueCapacity() <= row) {
      vector.reAlloc();
    }
    vector.getDataBuffer().setBytes((long) row * bytes.length, bytes);
    BitVectorHelper.setBit(vector.getValidityBuffer(), row);
  }

  private BigDecimal decimal(int precision, int scale) {
    BigInteger bound = BigInteger.TEN.pow(1 + random.nextInt(precision));
    BigInteger unscaled = new BigInteger(bound.bitLength(), random).mod(bound);
    return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), scale);
  }

  private byte[] bytesFor(FieldVector vector) {
    boolean isText =
        vector.getMinorType() == MinorType.VARCHAR
            || vector.getMinorType() == MinorType.LARGEVARCHAR;
    return isText ? text().getBytes(StandardCharsets.UTF_8) : bytes(random.nextInt(20));
  }

  private String text() {
    return random
        .ints(random.nextInt(12), 0, ALPHABET.codePointCount(0, ALPHABET.length()))
        .map(index -> ALPHABET.codePointAt(ALPHABET.offsetByCodePoints(0, index)))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
