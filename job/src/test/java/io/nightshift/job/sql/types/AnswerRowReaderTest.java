package io.nightshift.job.sql.types;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.conversion.DataStructureConverter;
import org.apache.flink.table.data.conversion.DataStructureConverters;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;
import org.apache.flink.table.types.utils.TypeConversions;
import org.apache.flink.types.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerRowReaderTest {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static LogicalType type(String text) {
    return LogicalTypeParser.parse(text, AnswerRowReaderTest.class.getClassLoader());
  }

  private static AnswerColumn column(String type) {
    return AnswerColumn.of("x", type(type), null);
  }

  /** The value of the only column as Flink gives it to users, after it went over the network. */
  private static @Nullable Object read(AnswerColumn column, byte[] json) {
    RowType type = RowType.of(new LogicalType[] {column.type()}, new String[] {column.name()});
    RowData row = new AnswerRowReader(List.of(column)).read(json);
    DataStructureConverter<Object, Object> converter =
        DataStructureConverters.getConverter(TypeConversions.fromLogicalToDataType(type));
    converter.open(AnswerRowReaderTest.class.getClassLoader());
    List<?> internal =
        (List<?>) Objects.requireNonNull(comparable(converter.toExternalOrNull(row)));
    RowData binary = new RowDataSerializer(type).toBinaryRow(row);
    assertThat(comparable(converter.toExternalOrNull(binary))).isEqualTo(internal);
    return internal.get(0);
  }

  /** Rows and arrays as lists, which can be compared. */
  private static @Nullable Object comparable(@Nullable Object value) {
    if (value instanceof Row row) {
      return IntStream.range(0, row.getArity())
          .mapToObj(row::getField)
          .map(AnswerRowReaderTest::comparable)
          .collect(Collectors.toList());
    }
    if (value instanceof Object[] array) {
      return Arrays.stream(array).map(AnswerRowReaderTest::comparable).collect(Collectors.toList());
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, @Nullable Object> comparable = new HashMap<>();
      map.forEach((key, member) -> comparable.put(key, comparable(member)));
      return comparable;
    }
    return value;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "STRING",
        "STRING NOT NULL",
        "CHAR(3)",
        "VARCHAR(7)",
        "BOOLEAN",
        "TINYINT",
        "SMALLINT",
        "INT",
        "BIGINT",
        "FLOAT",
        "DOUBLE",
        "DECIMAL(1, 0)",
        "DECIMAL(2, 2)",
        "DECIMAL(5, 2)",
        "DECIMAL(18, 6)",
        "DECIMAL(38, 0)",
        "DECIMAL(38, 18)",
        "DECIMAL(38, 38)",
        "DATE",
        "TIME",
        "TIME(3)",
        "TIME(9)",
        "TIMESTAMP(0)",
        "TIMESTAMP(3)",
        "TIMESTAMP",
        "TIMESTAMP(9)",
        "TIMESTAMP_LTZ(0)",
        "TIMESTAMP_LTZ(3)",
        "TIMESTAMP_LTZ(9)",
        "ARRAY<STRING>",
        "ARRAY<SMALLINT NOT NULL>",
        "ARRAY<ARRAY<DECIMAL(9, 3)>>",
        "MAP<STRING, DOUBLE>",
        "MAP<CHAR(2), ARRAY<DATE>>",
        "MAP<VARCHAR(3), BOOLEAN NOT NULL>",
        "ROW<a INT, `b c` VARCHAR(4) NOT NULL, d ROW<e TIMESTAMP_LTZ(2)>>",
        "ARRAY<ROW<n BIGINT NOT NULL, m MAP<STRING, DECIMAL(4, 1)>>>",
      })
  void whatTheSchemaAllowsIsReadWithoutLoss(String declared) throws IOException {
    boolean required = declared.equals("STRING NOT NULL");
    AnswerColumn nullable = column(required ? "STRING" : declared);
    AnswerColumn column = required ? nullable.withValueRequired() : nullable;
    RandomAnswers answers = new RandomAnswers(List.of(column), new Random(declared.hashCode()));
    int values = 0;
    for (int i = 0; i < 150; i++) {
      byte[] answer = answers.next();
      JsonNode value = JSON.readTree(answer).get("x");

      assertThat(read(column, answer))
          .as(new String(answer, StandardCharsets.UTF_8))
          .isEqualTo(expected(column.type(), value));
      values += value.isNull() ? 0 : 1;
    }
    assertThat(values).isGreaterThan(required ? 149 : 30);
  }

  private static @Nullable Object expected(LogicalType type, JsonNode value) {
    if (value.isNull()) {
      assertThat(type.isNullable()).isTrue();
      return null;
    }
    return switch (type.getTypeRoot()) {
      case CHAR, VARCHAR -> value.textValue();
      case BOOLEAN -> value.booleanValue();
      case TINYINT -> value.bigIntegerValue().byteValueExact();
      case SMALLINT -> value.bigIntegerValue().shortValueExact();
      case INTEGER -> value.bigIntegerValue().intValueExact();
      case BIGINT -> value.bigIntegerValue().longValueExact();
      case FLOAT -> finite(value.decimalValue().floatValue());
      case DOUBLE -> finite(value.decimalValue().doubleValue());
      case DECIMAL -> decimal((DecimalType) type, value.decimalValue());
      case DATE -> LocalDate.parse(value.textValue());
      case TIME_WITHOUT_TIME_ZONE -> LocalTime.parse(value.textValue());
      case TIMESTAMP_WITHOUT_TIME_ZONE -> OffsetDateTime.parse(value.textValue()).toLocalDateTime();
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> OffsetDateTime.parse(value.textValue()).toInstant();
      case ARRAY -> array(((ArrayType) type).getElementType(), value);
      case MAP -> map(((MapType) type).getValueType(), value);
      default -> row((RowType) type, value);
    };
  }

  private static <T extends Number> T finite(T number) {
    assertThat(number.doubleValue()).isFinite();
    return number;
  }

  private static BigDecimal decimal(DecimalType type, BigDecimal value) {
    BigDecimal exact = value.setScale(type.getScale());
    assertThat(exact.precision()).isLessThanOrEqualTo(type.getPrecision());
    return exact;
  }

  private static List<@Nullable Object> array(LogicalType items, JsonNode value) {
    List<@Nullable Object> list = new ArrayList<>();
    value.forEach(item -> list.add(expected(items, item)));
    return list;
  }

  private static Map<String, @Nullable Object> map(LogicalType values, JsonNode value) {
    Map<String, @Nullable Object> map = new HashMap<>();
    value.properties().forEach(each -> map.put(each.getKey(), expected(values, each.getValue())));
    return map;
  }

  private static List<@Nullable Object> row(RowType type, JsonNode value) {
    List<@Nullable Object> list = new ArrayList<>();
    type.getFields()
        .forEach(field -> list.add(expected(field.getType(), value.get(field.getName()))));
    return list;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "STRING                 | \"\"                            | ``",
        "STRING                 | \"a\\\"\\n\\\\\\u0001\\ud83d\\ude00/\" | `a\"\n\\\u0001\ud83d\ude00/`",
        "TINYINT                | -128                          | -128",
        "SMALLINT               | 32767                         | 32767",
        "INT                    | -2147483648                   | -2147483648",
        "BIGINT                 | -9223372036854775808          | -9223372036854775808",
        "BIGINT                 | 9223372036854775807           | 9223372036854775807",
        "FLOAT                  | 340282346638528860000000000000000000000 | 3.4028235E38",
        "FLOAT                  | 16777217.0000000001           | 1.6777218E7",
        "DOUBLE                 | 0.1                           | 0.1",
        "DECIMAL(38, 18)        | -99999999999999999999.999999999999999999 | -99999999999999999999.999999999999999999",
        "DECIMAL(5, 2)          | 7                             | 7.00",
        "DATE                   | \"0000-01-01\"                  | 0000-01-01",
        "DATE                   | \"9999-12-31\"                  | 9999-12-31",
        "TIME(3)                | \"23:59:59.999\"                | 23:59:59.999",
        "TIMESTAMP(9)           | \"1969-12-31T23:59:59.999999999Z\" | 1969-12-31T23:59:59.999999999",
        "TIMESTAMP(0)           | \"0000-02-29T00:00:00Z\"        | 0000-02-29T00:00",
        "TIMESTAMP_LTZ(3)       | \"2026-03-01T00:30:00.250+14:59\" | 2026-02-28T09:31:00.250Z",
      })
  void valuesAtTheBoundsAreReadExactly(String type, String json, String value) {
    byte[] answer = ("{\"x\":" + json + "}").getBytes(StandardCharsets.UTF_8);

    assertThat(read(column(type), answer)).hasToString(value);
  }
}
