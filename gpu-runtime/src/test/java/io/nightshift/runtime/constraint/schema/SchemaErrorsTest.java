package io.nightshift.runtime.constraint.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaErrorsTest {

  /** Each schema of {@code errors.txt} with the line below it: the pointer and the message. */
  static Stream<Arguments> errors() throws IOException {
    List<Arguments> cases = new ArrayList<>();
    String schema = "";
    try (InputStream stream = SchemaErrorsTest.class.getResourceAsStream("errors.txt")) {
      for (String line : new String(stream.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (line.startsWith("  ")) {
          cases.add(Arguments.of(schema, line.strip()));
        } else if (!line.isBlank() && !line.startsWith("# ")) {
          schema = line;
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("errors")
  void saysWhatIsWrong(String schema, String message) {
    assertThatThrownBy(() -> JsonSchema.compile(schema))
        .isInstanceOfSatisfying(
            SchemaException.class,
            error -> {
              assertThat(error.getMessage()).startsWith(message);
              assertThat(message).startsWith("#%s: ".formatted(error.pointer()));
            });
  }

  @Test
  void refusesTooManyAlternatives() {
    String anyOf =
        IntStream.range(0, 7)
            .mapToObj(
                i -> "{\"required\":[\"a%s\"]},{\"required\":[\"b%s\"]},{\"required\":[\"c%s\"]}")
            .map("{\"anyOf\":[%s]}"::formatted)
            .collect(Collectors.joining(","));
    String schema = "{\"type\":\"object\",\"allOf\":[%s]}".formatted(numbered(anyOf));

    assertThatThrownBy(() -> JsonSchema.compile(schema))
        .isInstanceOf(SchemaException.class)
        .hasMessageStartingWith("#/allOf: has more than 400 alternatives of a type");
  }

  /** Replaces each placeholder by another number. */
  private static String numbered(String schema) {
    String[] parts = schema.split("%s", -1);
    return IntStream.range(0, parts.length)
        .mapToObj(i -> i == 0 ? parts[0] : i + parts[i])
        .collect(Collectors.joining());
  }

  @Test
  void refusesDeepNesting() {
    String nested = "{\"items\":".repeat(2_000) + "{}" + "}".repeat(2_000);
    String chain =
        IntStream.range(0, 20_000)
            .mapToObj(i -> "\"a%s\":{\"$ref\":\"#/$defs/a%s\"}".formatted(i, i + 1))
            .collect(Collectors.joining(",", "{\"$ref\":\"#/$defs/a0\",\"$defs\":{", "}}"));

    assertThatThrownBy(() -> JsonSchema.compile(nested))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("nesting depth");
    assertThatThrownBy(() -> JsonSchema.compile(chain))
        .isInstanceOf(SchemaException.class)
        .hasMessage("#: is nested too deeply");
  }
}
