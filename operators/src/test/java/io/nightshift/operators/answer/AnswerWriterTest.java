package io.nightshift.operators.answer;

import static io.nightshift.operators.answer.Grammars.INTEGER;
import static io.nightshift.operators.answer.Grammars.NULL;
import static io.nightshift.operators.answer.Grammars.NUMBER;
import static io.nightshift.operators.answer.Grammars.STRING;
import static io.nightshift.operators.answer.Grammars.any;
import static io.nightshift.operators.answer.Grammars.array;
import static io.nightshift.operators.answer.Grammars.object;
import static io.nightshift.operators.answer.Grammars.optional;
import static io.nightshift.operators.answer.Grammars.required;
import static io.nightshift.operators.answer.Grammars.rule;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nightshift.connectors.arrow.row.ArrowValues;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerWriterTest {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(
              com.fasterxml.jackson.databind.cfg.JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  /** What is read back; a null stands for a row without an answer. */
  private List<@Nullable Object> written(ValueRule rule, List<@Nullable String> answers)
      throws Exception {
    Schema schema = new Schema(List.of(AnswerType.of("answer", rule)));
    try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
      FieldVector vector = root.getVector(0);
      AnswerWriter writer = new AnswerWriter(vector);
      for (int row = 0; row < answers.size(); row++) {
        String answer = answers.get(row);
        if (answer != null) {
          writer.write(answer.getBytes(UTF_8), row);
        }
      }
      root.setRowCount(answers.size());
      List<@Nullable Object> values = new ArrayList<>();
      for (int row = 0; row < answers.size(); row++) {
        values.add(ArrowValues.read(vector, row));
      }
      return values;
    }
  }

  @Test
  void randomAnswersAreReadBackAsJacksonReadsThem() throws Exception {
    RandomAnswers random = new RandomAnswers(7);
    for (int grammar = 0; grammar < 300; grammar++) {
      ValueRule rule = random.rule(3);
      Field type = AnswerType.of("answer", rule);
      List<@Nullable String> texts = new ArrayList<>();
      List<@Nullable Object> expected = new ArrayList<>();
      for (int row = 0; row < 20; row++) {
        JsonNode document = random.document(rule);
        boolean missing = row % 7 == 3;
        texts.add(missing ? null : JSON.writeValueAsString(document));
        expected.add(missing ? null : expected(type, JSON.readTree(document.toString())));
      }
      assertThat(written(rule, texts)).as(TypeText.of(type)).isEqualTo(expected);
    }
  }

  private static @Nullable Object expected(Field type, JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    ArrowType arrow = type.getType();
    if (Shape.isJson(type)) {
      return value.toString();
    }
    if (arrow instanceof ArrowType.Struct) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      for (Field child : type.getChildren()) {
        JsonNode member = value.get(child.getName());
        members.put(child.getName(), member == null ? null : expected(child, member));
      }
      return members;
    }
    if (arrow instanceof ArrowType.Map) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      Field child = type.getChildren().get(0).getChildren().get(1);
      value
          .properties()
          .forEach(entry -> members.put(entry.getKey(), expected(child, entry.getValue())));
      return members;
    }
    if (arrow instanceof ArrowType.List) {
      List<@Nullable Object> items = new ArrayList<>();
      value.forEach(item -> items.add(expected(type.getChildren().get(0), item)));
      return items;
    }
    if (arrow instanceof ArrowType.Int) {
      return value.canConvertToLong() ? value.longValue() : null;
    }
    if (arrow instanceof ArrowType.FloatingPoint) {
      return Double.parseDouble(value.asText());
    }
    return arrow instanceof ArrowType.Bool ? (Object) value.booleanValue() : value.textValue();
  }

  @Test
  void aNullStructIsNotAStructOfNulls() throws Exception {
    ValueRule inner = rule(object(optional("x", rule(STRING))), NULL);
    ValueRule rule = rule(object(required("inner", inner)));
    Map<String, @Nullable Object> withoutX = new LinkedHashMap<>();
    withoutX.put("x", null);
    Map<String, @Nullable Object> withoutInner = new LinkedHashMap<>();
    withoutInner.put("inner", null);
    List<@Nullable String> answers = new ArrayList<>();
    answers.add("{\"inner\":{}}");
    answers.add(null);
    answers.add("{\"inner\":null}");
    answers.add("{\"inner\":{\"x\":\"y\"}}");
    assertThat(written(rule, answers))
        .containsExactly(
            Map.of("inner", withoutX), null, withoutInner, Map.of("inner", Map.of("x", "y")));
  }

  @Test
  void aPartWithoutATypeIsTheTextAsItWasWritten() throws Exception {
    ValueRule rule = rule(object(required("x", any()), required("y", any())));
    assertThat(
            written(
                rule,
                List.of(
                    "{\"x\": 1.10, \"y\": [1, {\"é\": \"\\n}\"}, true]}",
                    "{\"x\":\"é\\u0001\",\"y\":false}")))
        .containsExactly(
            Map.of("x", "1.10", "y", "[1, {\"é\": \"\\n}\"}, true]"),
            Map.of("x", "\"é\\u0001\"", "y", "false"));
    assertThat(written(any(), List.of("12.50", "\"a\"", "true", "[ ]", "{}")))
        .containsExactly("12.50", "\"a\"", "true", "[ ]", "{}");
  }

  @Test
  void anIntegerBeyond64BitsIsNullAndNumbersAreRounded() throws Exception {
    assertThat(
            written(
                rule(INTEGER),
                List.of("9223372036854775807", "-9223372036854775808", "9223372036854775808", "5")))
        .containsExactly(Long.MAX_VALUE, Long.MIN_VALUE, null, 5L);
    assertThat(written(rule(NUMBER), List.of("0.1", "3", "1" + "0".repeat(400))))
        .containsExactly(0.1, 3.0, Double.POSITIVE_INFINITY);
  }

  @Test
  void longAnswersHaveNoLimit() throws Exception {
    Grammars.Rule nested = rule(STRING);
    nested.add(array(nested));
    String deep = "[".repeat(5_000) + "]".repeat(5_000);
    assertThat(written(nested, List.of(deep))).containsExactly(deep);
    assertThat(written(rule(INTEGER), List.of("1".repeat(5_000)))).containsExactly((Object) null);
  }

  @Test
  void whatIsNoJsonIsADefectAndSaysSo() {
    assertThatThrownBy(() -> written(rule(array(rule(STRING))), List.of("[\"a\"")))
        .hasMessageContaining("not the JSON that its schema demands");
  }
}
