package io.nightshift.connectors.jsonl.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonObjectParserTest {
  private static final JsonObjectParser PARSER = JsonObjectParser.ofAllColumns();

  @Test
  void valuesAreThoseOfJson() throws MalformedLineException {
    Map<String, @Nullable Object> values =
        parse(
            "{\"t\": true, \"i\": -7, \"big\": 9223372036854775808, \"d\": 1.5e3, \"n\": null,"
                + " \"nan\": NaN, \"s\": \"日\\ud83d\\ude00\\n\", \"l\": [1, [], null],"
                + " \"o\": {\"a\": {}}} \r");
    assertThat(values)
        .containsEntry("t", true)
        .containsEntry("i", -7L)
        .containsEntry("big", new BigInteger("9223372036854775808"))
        .containsEntry("d", 1500.0)
        .containsEntry("n", null)
        .containsEntry("nan", Double.NaN)
        .containsEntry("s", "日😀\n")
        .containsEntry("l", Arrays.asList(1L, List.of(), null))
        .containsEntry("o", Map.of("a", Map.of()));
    assertThat(values.keySet()).startsWith("t", "i", "big");
  }

  @Test
  void columnsThatAreNotWantedAreLeftOut() throws MalformedLineException {
    byte[] line = bytes("{\"a\": {\"b\": 1}, \"b\": 2, \"c\": {\"a\": 3}}");
    assertThat(PARSER.only(Set.of("b", "c")).parse(line, 0, line.length))
        .isEqualTo(Map.of("b", 2L, "c", Map.of("a", 3L)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": 1,} | column 9: | double-quote",
        "{\"a\": 1 | column 8: | Object (start marker at column 1)",
        "{\"a\": tru} | column 1 | tru",
        "{\"a\": 1} {\"b\": 2} | column 10: | behind the object",
        "[1] | column 1: | begins with an array",
        "7 | column 1: | no object",
        "null | column 1: | no object",
        "hello | column | hello",
        "{\"a\": 1, \"a\": 2} | column 13: | Duplicate field 'a'",
        "{\"a\": {\"b\": 1, \"b\": 1}} | column | Duplicate field 'b'",
        "{\"a\": \"\\ud83d\"} | column 7: | surrogate",
        "{\"\\ude00\": 1} | column | surrogate",
        "{'a': 1} | column 2: | '''",
        "{\"a\": 01} | column 8: | Leading zeroes",
      })
  void whatIsMalformedIsNamed(String line, String column, String problem) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOf(MalformedLineException.class)
        .hasMessageStartingWith(column)
        .hasMessageContaining(problem);
  }

  @Test
  void bytesThatAreNoUtf8AreMalformed() {
    byte[] latin = "{\"a\": \"é\"}".getBytes(ISO_8859_1);
    assertThatThrownBy(() -> PARSER.parse(latin, 0, latin.length))
        .isInstanceOf(MalformedLineException.class)
        .hasMessageContaining("UTF-8");
    byte[] wide = "{\"a\": 1}".getBytes(StandardCharsets.UTF_16LE);
    assertThatThrownBy(() -> PARSER.parse(wide, 0, wide.length - 1))
        .isInstanceOf(MalformedLineException.class);
    byte[] deep = bytes("{\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}");
    assertThatThrownBy(() -> PARSER.parse(deep, 0, deep.length))
        .isInstanceOf(MalformedLineException.class)
        .hasMessageContaining("nesting depth");
  }

  private static Map<String, @Nullable Object> parse(String line) throws MalformedLineException {
    byte[] bytes = bytes("xx" + line);
    return PARSER.parse(bytes, 2, bytes.length - 2);
  }

  private static byte[] bytes(String line) {
    return line.getBytes(StandardCharsets.UTF_8);
  }
}
