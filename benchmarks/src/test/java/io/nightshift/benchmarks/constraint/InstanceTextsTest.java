package io.nightshift.benchmarks.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.nightshift.benchmarks.constraint.InstanceTexts.Texts;
import io.nightshift.runtime.constraint.schema.JsonSchema;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InstanceTextsTest {

  private static Texts texts(String schema, String value) throws JsonProcessingException {
    return new InstanceTexts()
        .of(JsonSchema.compile(schema), JsonTexts.withShortestNumbers(JsonTexts.read(value)));
  }

  private static void assertFits(String schema, String value, String... expected)
      throws JsonProcessingException {
    assertThat(texts(schema, value)).isEqualTo(new Texts(List.of(expected), true));
  }

  @Test
  void propertiesAreInTheOrderOfTheSchemaAtEveryDepth() throws JsonProcessingException {
    assertFits(
        """
        {"properties": {"b": {"items": {"properties": {"y": {}, "x": {"type": "number"}}}},
                        "a": {"type": "string"}}}
        """,
        """
        {"z": null, "a": "s", "extra": {"q": 1, "p": 2}, "b": [{"x": 1, "y": 2}, {}]}
        """,
        """
        {"b":[{"y":2,"x":1},{}],"a":"s","z":null,"extra":{"q":1,"p":2}}"""
            .strip());
  }

  @Test
  void eachAlternativeHasItsOrder() throws JsonProcessingException {
    String schema =
        """
        {"anyOf": [
           {"properties": {"kind": {"const": "one"}, "v": {"type": "integer"}},
            "required": ["kind", "v"], "additionalProperties": false},
           {"properties": {"v": {"type": "integer"}, "kind": {"const": "two"}},
            "required": ["kind", "v"], "additionalProperties": false}]}
        """;
    assertFits(schema, "{\"v\": 1, \"kind\": \"one\"}", "{\"kind\":\"one\",\"v\":1}");
    assertFits(schema, "{\"kind\": \"two\", \"v\": 1}", "{\"v\":1,\"kind\":\"two\"}");
    Texts none = texts(schema, "{\"kind\": \"three\", \"v\": 1}");
    assertThat(none.fitting()).isFalse();
    assertThat(none.texts())
        .containsExactlyInAnyOrder("{\"kind\":\"three\",\"v\":1}", "{\"v\":1,\"kind\":\"three\"}");
  }

  @Test
  void numbersAndStringsAreWrittenInOneWay() throws JsonProcessingException {
    assertFits(
        "{}",
        "[1.0, 1e3, -0.50, 0e5, 123456789012345678901234567890, true, null]",
        "[1,1000,-0.5,0,123456789012345678901234567890,true,null]");
    assertFits(
        "{}",
        "\"\\u00e9\\/\\\"\\\\\\b\\f\\n\\r\\t\\u001F\\u007f\\ud83d\\ude00\"",
        "\"é/\\\"\\\\\\b\\f\\n\\r\\t\\u001f\u007f\ud83d\ude00\"");
  }

  @Test
  void whatDoesNotFitIsFoundByItself() throws JsonProcessingException {
    assertThat(texts("{\"maxLength\": 2}", "\"abc\"").fitting()).isFalse();
    assertThat(texts("{\"minimum\": 2}", "1.5").fitting()).isFalse();
    assertThat(texts("{\"maxItems\": 1}", "[1, 2]").fitting()).isFalse();
    assertThat(texts("{\"required\": [\"a\"]}", "{\"b\": 1}").fitting()).isFalse();
    assertThat(texts("{\"type\": \"null\"}", "false"))
        .isEqualTo(new Texts(List.of("false"), false));
  }

  @Test
  void manyCombinationsAreLimited() throws JsonProcessingException {
    String schema =
        """
        {"items": {"anyOf": [{"properties": {"a": true, "b": true}, "required": ["a", "b"]},
                             {"properties": {"b": true, "a": true}, "required": ["a", "b"]}]}}
        """;
    String items =
        IntStream.range(0, 10)
            .mapToObj(i -> "{\"a\":1,\"b\":2}")
            .collect(Collectors.joining(",", "[", "]"));
    Texts texts = texts(schema, items);
    assertThat(texts.texts()).doesNotHaveDuplicates().contains(items);
    assertThat(texts.texts().size()).isLessThanOrEqualTo(InstanceTexts.MAX_TEXTS);
    assertThat(Arrays.asList(1, InstanceTexts.MAX_TEXTS)).contains(texts.texts().size());
  }
}
