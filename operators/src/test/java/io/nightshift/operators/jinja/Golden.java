package io.nightshift.operators.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Test data that Python's Jinja2 made, and the comparison with it. */
final class Golden {
  /** The time at which the scripts in src/test/python render. */
  static final Clock CLOCK =
      Clock.fixed(LocalDateTime.of(2026, 7, 4, 9, 5, 3).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);

  static final TemplateOptions OPTIONS = TemplateOptions.CHAT.withClock(CLOCK);

  /** How Python prints a loop or macro. */
  private static final Pattern OBJECT = Pattern.compile("<(LoopContext|Macro) ");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Golden() {}

  static JsonNode read(String name) throws IOException {
    try (InputStream in = new GZIPInputStream(open(name))) {
      return MAPPER.readTree(in);
    }
  }

  static String template(String name) throws IOException {
    try (InputStream in = open("templates/" + name + ".jinja")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static InputStream open(String name) {
    return Objects.requireNonNull(Golden.class.getResourceAsStream("/jinja/" + name), name);
  }

  static Map<String, Object> variables(JsonNode node) {
    Map<String, Object> variables = new HashMap<>();
    node.properties()
        .forEach(
            field ->
                variables.put(field.getKey(), MAPPER.convertValue(field.getValue(), Object.class)));
    return variables;
  }

  /**
   * How a rendering differs from Python's result, or null. Where Python prints an object that has
   * no text of its own, an error that says so is right. Messages must be Python's where they are
   * the template's own or tell of an undefined value; of other errors it is enough that both fail.
   */
  static @Nullable String difference(
      String source, TemplateOptions options, Map<String, Object> variables, JsonNode expected) {
    return difference(
        () -> Template.parse("golden", source, options).render(variables).text(), expected);
  }

  /** The same for a template that was parsed before. */
  static @Nullable String difference(
      Template template, Map<String, Object> variables, JsonNode expected) {
    return difference(() -> template.render(variables).text(), expected);
  }

  private static @Nullable String difference(Supplier<String> rendering, JsonNode expected) {
    String text;
    try {
      text = rendering.get();
    } catch (TemplateException e) {
      if (expected.has("text")) {
        if (OBJECT.matcher(expected.get("text").asText()).find()
            && e.reason().contains("has no text")) {
          return null;
        }
        return "expected text " + expected.get("text") + " but: " + e.getMessage();
      }
      boolean worded = "TemplateError UndefinedError".contains(expected.get("kind").asText());
      return worded && !e.reason().equals(expected.get("error").asText())
          ? "expected error " + expected.get("error") + " but: " + e.getMessage()
          : null;
    }
    if (expected.has("error")) {
      return "expected " + expected + " but: " + text;
    }
    return text.equals(expected.get("text").asText())
        ? null
        : firstDifference(expected.get("text").asText(), text);
  }

  private static String firstDifference(String expected, String actual) {
    int at = 0;
    while (at < Math.min(expected.length(), actual.length())
        && expected.charAt(at) == actual.charAt(at)) {
      at++;
    }
    return "at character "
        + at
        + " expected "
        + MAPPER.valueToTree(excerpt(expected, at))
        + " but was "
        + MAPPER.valueToTree(excerpt(actual, at));
  }

  private static String excerpt(String text, int at) {
    return text.substring(Math.max(0, at - 30), Math.min(text.length(), at + 60));
  }
}
