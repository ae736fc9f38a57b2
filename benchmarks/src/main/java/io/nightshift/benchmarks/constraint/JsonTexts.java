package io.nightshift.benchmarks.constraint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.StringJoiner;

/** Reads JSON with exact numbers, and writes it as {@code ValueRule} says. */
final class JsonTexts {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(10_000).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
          .build();

  private JsonTexts() {}

  static JsonNode read(String json) throws JsonProcessingException {
    return MAPPER.readTree(json);
  }

  /** A schema as it was given, or another object in one line. */
  static String write(Object object) {
    try {
      return MAPPER.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The text of a value, with properties in the order given. */
  static String text(JsonNode value) {
    if (value.isTextual()) {
      return quoted(value.textValue());
    }
    if (value.isNumber()) {
      return text(value.decimalValue());
    }
    if (value.isArray()) {
      StringJoiner items = new StringJoiner(",", "[", "]");
      value.forEach(item -> items.add(text(item)));
      return items.toString();
    }
    if (value.isObject()) {
      StringJoiner properties = new StringJoiner(",", "{", "}");
      value
          .properties()
          .forEach(field -> properties.add(quoted(field.getKey()) + ":" + text(field.getValue())));
      return properties.toString();
    }
    return value.asText();
  }

  private static String text(BigDecimal number) {
    return number.toPlainString();
  }

  /** The same value, its numbers without zeros at the end of a fraction. */
  static JsonNode withShortestNumbers(JsonNode value) {
    if (value.isNumber()) {
      return DecimalNode.valueOf(value.decimalValue().stripTrailingZeros());
    }
    if (value.isArray()) {
      ArrayNode items = MAPPER.createArrayNode();
      value.forEach(item -> items.add(withShortestNumbers(item)));
      return items;
    }
    if (value.isObject()) {
      ObjectNode properties = MAPPER.createObjectNode();
      value
          .properties()
          .forEach(field -> properties.set(field.getKey(), withShortestNumbers(field.getValue())));
      return properties;
    }
    return value;
  }

  static String quoted(String text) {
    return write(text);
  }
}
