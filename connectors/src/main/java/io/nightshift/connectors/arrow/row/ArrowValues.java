package io.nightshift.connectors.arrow.row;

import io.nightshift.connectors.arrow.schema.FieldMetadata;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/**
 * Cells of Arrow vectors as plain Java values, for callers that read few of them, such as
 * templates.
 *
 * <table>
 *   <caption>Arrow to Java</caption>
 *   <tr><th>Arrow</th><th>Java</th></tr>
 *   <tr><td>integers</td><td>{@link Long}; unsigned 64-bit ones past its range {@link BigDecimal}</td></tr>
 *   <tr><td>floating point</td><td>{@link Double}</td></tr>
 *   <tr><td>boolean</td><td>{@link Boolean}</td></tr>
 *   <tr><td>decimal</td><td>{@link BigDecimal}</td></tr>
 *   <tr><td>utf8</td><td>{@link String}</td></tr>
 *   <tr><td>binary</td><td>{@code byte[]}</td></tr>
 *   <tr><td>fixed-size binary, if Parquet's logical type is UUID</td><td>{@link String}</td></tr>
 *   <tr><td>date</td><td>{@link LocalDate}</td></tr>
 *   <tr><td>time</td><td>{@link LocalTime}</td></tr>
 *   <tr><td>timestamp</td><td>{@link Instant} with a time zone, {@link LocalDateTime} without</td></tr>
 *   <tr><td>duration, interval</td><td>as Arrow's own {@code getObject} returns them</td></tr>
 *   <tr><td>list</td><td>{@link List}</td></tr>
 *   <tr><td>struct</td><td>{@link LinkedHashMap} by field name</td></tr>
 *   <tr><td>map</td><td>{@link LinkedHashMap}; the last of equal keys wins</td></tr>
 *   <tr><td>null</td><td>{@code null}</td></tr>
 * </table>
 */
public final class ArrowValues {
  private static final char REPLACEMENT_CHARACTER = '\uFFFD';

  private ArrowValues() {}

  /**
   * The value of cell {@code row} of the column {@code vector}, a copy that outlives the batch.
   *
   * @throws InvalidUtf8Exception if a string in the cell, at any depth, is not valid UTF-8
   * @throws DateTimeException if a time in it is not within a day
   * @throws IllegalArgumentException if the type is not one that Parquet files can have
   */
  public static @Nullable Object read(FieldVector vector, int row) throws InvalidUtf8Exception {
    return read(vector.getName(), vector, row);
  }

  private static @Nullable Object read(String column, FieldVector vector, int row)
      throws InvalidUtf8Exception {
    if (vector.isNull(row)) {
      return null;
    }
    return switch (vector.getMinorType()) {
      case TINYINT, SMALLINT, INT, BIGINT, UINT1, UINT2, UINT4 ->
          ((BaseIntVector) vector).getValueAsLong(row);
      case UINT8 -> unsigned(((UInt8Vector) vector).get(row));
      case FLOAT2 -> (double) ((Float2Vector) vector).getValueAsFloat(row);
      case FLOAT4, FLOAT8 -> ((FloatingPointVector) vector).getValueAsDouble(row);
      case BIT -> ((BitVector) vector).get(row) != 0;
      case VARCHAR -> text(column, ((VarCharVector) vector).get(row));
      case LARGEVARCHAR -> text(column, ((LargeVarCharVector) vector).get(row));
      case VARBINARY -> ((VarBinaryVector) vector).get(row);
      case LARGEVARBINARY -> ((LargeVarBinaryVector) vector).get(row);
      case DATEDAY -> LocalDate.ofEpochDay(((DateDayVector) vector).get(row));
      case DATEMILLI ->
          instant(((DateMilliVector) vector).get(row), TimeUnit.MILLISECONDS)
              .atZone(ZoneOffset.UTC)
              .toLocalDate();
      case TIMESEC -> time(column, ((TimeSecVector) vector).get(row), TimeUnit.SECONDS);
      case TIMEMILLI -> time(column, ((TimeMilliVector) vector).get(row), TimeUnit.MILLISECONDS);
      case TIMEMICRO -> time(column, ((TimeMicroVector) vector).get(row), TimeUnit.MICROSECONDS);
      case TIMENANO -> time(column, ((TimeNanoVector) vector).get(row), TimeUnit.NANOSECONDS);
      case TIMESTAMPSECTZ -> instant(timestamp(vector, row), TimeUnit.SECONDS);
      case TIMESTAMPMILLITZ -> instant(timestamp(vector, row), TimeUnit.MILLISECONDS);
      case TIMESTAMPMICROTZ -> instant(timestamp(vector, row), TimeUnit.MICROSECONDS);
      case TIMESTAMPNANOTZ -> instant(timestamp(vector, row), TimeUnit.NANOSECONDS);
      case TIMESTAMPSEC -> local(timestamp(vector, row), TimeUnit.SECONDS);
      case TIMESTAMPMILLI -> local(timestamp(vector, row), TimeUnit.MILLISECONDS);
      case TIMESTAMPMICRO -> local(timestamp(vector, row), TimeUnit.MICROSECONDS);
      case TIMESTAMPNANO -> local(timestamp(vector, row), TimeUnit.NANOSECONDS);
      case FIXEDSIZEBINARY -> fixedSize((FixedSizeBinaryVector) vector, row);
      case DECIMAL, DECIMAL256, DURATION, INTERVALYEAR, INTERVALDAY, INTERVALMONTHDAYNANO ->
          vector.getObject(row);
      case STRUCT -> struct(column, (StructVector) vector, row);
      case MAP -> map(column, (MapVector) vector, row);
      case LIST -> {
        ListVector lists = (ListVector) vector;
        yield list(
            column,
            lists.getDataVector(),
            lists.getElementStartIndex(row),
            lists.getElementEndIndex(row));
      }
      case LARGELIST -> {
        LargeListVector lists = (LargeListVector) vector;
        yield list(
            column,
            lists.getDataVector(),
            lists.getElementStartIndex(row),
            lists.getElementEndIndex(row));
      }
      case FIXED_SIZE_LIST -> {
        FixedSizeListVector lists = (FixedSizeListVector) vector;
        yield list(
            column,
            lists.getDataVector(),
            lists.getElementStartIndex(row),
            lists.getElementEndIndex(row));
      }
      case NULL -> null;
      default ->
          throw new IllegalArgumentException(
              "Column '%s' has type %s, which has no plain Java value"
                  .formatted(column, vector.getField().getType()));
    };
  }

  /**
   * {@code bytes} as a string.
   *
   * @throws InvalidUtf8Exception if they are not valid UTF-8; the message names {@code column}
   */
  public static String text(String column, byte[] bytes) throws InvalidUtf8Exception {
    String text = new String(bytes, StandardCharsets.UTF_8);
    // The JDK's fast decoder replaces malformed input; a replacement character may stand for it.
    if (text.indexOf(REPLACEMENT_CHARACTER) >= 0) {
      requireValid(column, bytes);
    }
    return text;
  }

  private static void requireValid(String column, byte[] bytes) throws InvalidUtf8Exception {
    ByteBuffer input = ByteBuffer.wrap(bytes);
    CoderResult result =
        StandardCharsets.UTF_8.newDecoder().decode(input, CharBuffer.allocate(bytes.length), true);
    if (result.isError()) {
      int offset = input.position();
      throw new InvalidUtf8Exception(column, offset, bytes.length, bytes[offset]);
    }
  }

  private static Object fixedSize(FixedSizeBinaryVector vector, int row) {
    byte[] bytes = vector.get(row);
    if (!"UUID".equals(vector.getField().getMetadata().get(FieldMetadata.LOGICAL_TYPE))) {
      return bytes;
    }
    ByteBuffer halves = ByteBuffer.wrap(bytes);
    return new UUID(halves.getLong(), halves.getLong()).toString();
  }

  private static Object unsigned(long value) {
    if (value >= 0) {
      return value;
    }
    return new BigDecimal(new BigInteger(Long.toUnsignedString(value)));
  }

  private static long timestamp(FieldVector vector, int row) {
    return ((TimeStampVector) vector).get(row);
  }

  /** Files may have 24:00 for the end of a day, and any other value of the integer. */
  private static LocalTime time(String column, long value, TimeUnit unit) {
    if (value < 0 || value >= unit.convert(1, TimeUnit.DAYS)) {
      throw new DateTimeException(
          "Column '%s' holds the time of day %s %s, which is not between 0 and 24 hours"
              .formatted(column, value, unit.name().toLowerCase(Locale.ROOT)));
    }
    return LocalTime.ofNanoOfDay(unit.toNanos(value));
  }

  private static Instant instant(long value, TimeUnit unit) {
    long perSecond = unit.convert(1, TimeUnit.SECONDS);
    return Instant.ofEpochSecond(
        Math.floorDiv(value, perSecond), unit.toNanos(Math.floorMod(value, perSecond)));
  }

  private static LocalDateTime local(long value, TimeUnit unit) {
    return LocalDateTime.ofInstant(instant(value, unit), ZoneOffset.UTC);
  }

  private static Map<String, @Nullable Object> struct(String column, StructVector structs, int row)
      throws InvalidUtf8Exception {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (FieldVector child : structs.getChildrenFromFields()) {
      values.put(child.getName(), read(column, child, row));
    }
    return values;
  }

  private static Map<@Nullable Object, @Nullable Object> map(String column, MapVector maps, int row)
      throws InvalidUtf8Exception {
    StructVector entries = (StructVector) maps.getDataVector();
    FieldVector keys = (FieldVector) entries.getChildByOrdinal(0);
    FieldVector items = (FieldVector) entries.getChildByOrdinal(1);
    Map<@Nullable Object, @Nullable Object> values = new LinkedHashMap<>();
    for (int entry = maps.getElementStartIndex(row);
        entry < maps.getElementEndIndex(row);
        entry++) {
      values.put(read(column, keys, entry), read(column, items, entry));
    }
    return values;
  }

  private static List<@Nullable Object> list(
      String column, FieldVector elements, long start, long end) throws InvalidUtf8Exception {
    List<@Nullable Object> values = new ArrayList<>(Math.toIntExact(end - start));
    for (int element = Math.toIntExact(start); element < end; element++) {
      values.add(read(column, elements, element));
    }
    return values;
  }
}
