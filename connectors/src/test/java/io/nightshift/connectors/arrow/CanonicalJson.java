package io.nightshift.connectors.arrow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.holders.NullableIntervalMonthDayNanoHolder;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/** Values of vectors in the JSON that write_parquet_fixtures.py describes. */
public final class CanonicalJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private CanonicalJson() {}

  /** The rows of a batch, as arrays of columns. The batch stays open. */
  public static List<JsonNode> rows(ArrowBatch batch) {
    List<JsonNode> rows = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      ArrayNode values = JSON.arrayNode();
      for (FieldVector vector : batch.root().getFieldVectors()) {
        values.add(value(vector, row));
      }
      rows.add(values);
    }
    return rows;
  }

  private static JsonNode value(FieldVector vector, int index) {
    if (vector.isNull(index)) {
      return JSON.nullNode();
    }
    if (vector instanceof ListVector list) {
      return list(list, index);
    }
    if (vector instanceof StructVector struct) {
      ObjectNode members = JSON.objectNode();
      for (FieldVector member : struct.getChildrenFromFields()) {
        members.set(member.getName(), value(member, index));
      }
      return tagged("struct", members);
    }
    return scalar(vector, index);
  }

  private static JsonNode list(ListVector list, int index) {
    ArrayNode values = JSON.arrayNode();
    for (int i = list.getElementStartIndex(index); i < list.getElementEndIndex(index); i++) {
      if (list instanceof MapVector) {
        StructVector entries = (StructVector) list.getDataVector();
        ArrayNode entry = values.addArray();
        entry.add(value(entries.getChildrenFromFields().get(0), i));
        entry.add(value(entries.getChildrenFromFields().get(1), i));
      } else {
        values.add(value(list.getDataVector(), i));
      }
    }
    return list instanceof MapVector ? tagged("map", values) : values;
  }

  private static JsonNode scalar(FieldVector vector, int index) {
    if (vector instanceof BitVector bits) {
      return JSON.booleanNode(bits.get(index) == 1);
    }
    if (vector instanceof DateDayVector dates) {
      return tagged("date", JSON.numberNode((long) dates.get(index)));
    }
    if (vector instanceof TimeMilliVector times) {
      return tagged("time", JSON.numberNode(times.get(index) * 1_000_000L));
    }
    if (vector instanceof TimeMicroVector times) {
      return tagged("time", JSON.numberNode(times.get(index) * 1_000L));
    }
    if (vector instanceof TimeNanoVector times) {
      return tagged("time", JSON.numberNode(times.get(index)));
    }
    if (vector instanceof TimeStampVector stamps) {
      TimeUnit unit = ((ArrowType.Timestamp) vector.getField().getType()).getUnit();
      return tagged("timestamp", number(nanos(unit).multiply(long64(stamps.get(index)))));
    }
    if (vector instanceof UInt8Vector longs) {
      return number(longs.getObjectNoOverflow(index));
    }
    if (vector instanceof BaseIntVector integers) {
      return JSON.numberNode(integers.getValueAsLong(index));
    }
    if (vector instanceof Float2Vector halves) {
      return floating(halves.getValueAsFloat(index));
    }
    if (vector instanceof FloatingPointVector floats) {
      return floating(floats.getValueAsDouble(index));
    }
    if (vector instanceof IntervalMonthDayNanoVector intervals) {
      NullableIntervalMonthDayNanoHolder parts = new NullableIntervalMonthDayNanoHolder();
      intervals.get(index, parts);
      return tagged(
          "interval", JSON.arrayNode().add(parts.months).add(parts.days).add(parts.nanoseconds));
    }
    if (vector instanceof VarCharVector texts && !isUtf8(texts.get(index))) {
      return object(texts.get(index));
    }
    return object(vector.getObject(index));
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException malformed) {
      return false;
    }
  }

  private static JsonNode object(@Nullable Object value) {
    if (value instanceof BigDecimal decimal) {
      return tagged("decimal", JSON.textNode(decimal.toPlainString()));
    }
    if (value instanceof byte[] bytes) {
      return tagged("bytes", JSON.textNode(HexFormat.of().formatHex(bytes)));
    }
    return text(String.valueOf(value));
  }

  private static JsonNode text(String text) {
    if (text.length() > 1000 && text.chars().distinct().count() == 1) {
      return tagged("repeat", JSON.arrayNode().add(text.substring(0, 1)).add(text.length()));
    }
    return JSON.textNode(text);
  }

  private static JsonNode floating(double value) {
    String bits =
        Double.isNaN(value)
            ? "nan"
            : String.format(Locale.ROOT, "%016x", Double.doubleToRawLongBits(value));
    return tagged("float", JSON.textNode(bits));
  }

  private static BigInteger nanos(TimeUnit unit) {
    return long64(
        switch (unit) {
          case SECOND -> 1_000_000_000L;
          case MILLISECOND -> 1_000_000L;
          case MICROSECOND -> 1_000L;
          case NANOSECOND -> 1L;
        });
  }

  private static BigInteger long64(long value) {
    return BigInteger.valueOf(value);
  }

  private static JsonNode number(BigInteger value) {
    return JSON.numberNode(value);
  }

  private static ObjectNode tagged(String tag, JsonNode value) {
    ObjectNode node = JSON.objectNode();
    node.set(tag, value);
    return node;
  }
}
