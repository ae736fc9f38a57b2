package io.nightshift.runtime.constraint.schema;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import java.util.List;

/**
 * Compiles JSON Schemas, drafts 4 to 2020-12 by {@code $schema}, and 2020-12 without it. Keywords
 * of older drafts are understood in newer ones where they cannot mean anything else. {@code format}
 * is enforced where the specification defines it.
 *
 * <p>Specification: https://json-schema.org/specification
 */
public final class JsonSchema {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private JsonSchema() {}

  /**
   * Compiles a schema to the grammar of the values that are valid under it.
   *
   * @throws SchemaException if the schema is invalid, asks for something that cannot be enforced,
   *     or allows no value
   */
  public static ValueRule compile(String schema) {
    try {
      SchemaDocument document = new SchemaDocument(parse(schema));
      Conditions conditions = new Conditions();
      ConditionEvaluator evaluator = new ConditionEvaluator(document, conditions);
      return new GrammarBuilder(conditions, evaluator).build(conditions.valid(document.root()));
    } catch (StackOverflowError e) {
      throw new SchemaException("", "is nested too deeply");
    }
  }

  /**
   * What a schema that compiles says without effect: names that are no keywords, and formats that
   * the specification does not define. One sentence each, with the JSON pointer of the place.
   */
  public static List<String> ineffectiveKeywords(String schema) {
    return IneffectiveKeywords.in(new SchemaDocument(parse(schema)).root());
  }

  private static JsonNode parse(String schema) {
    try {
      return MAPPER.readTree(schema);
    } catch (JsonProcessingException e) {
      throw new SchemaException("", "is not JSON: " + message(e));
    }
  }

  private static String message(JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    String where =
        location == null
            ? ""
            : " (line %s, column %s)".formatted(location.getLineNr(), location.getColumnNr());
    // What Jackson says of locations in the message is for its developers.
    return e.getOriginalMessage()
            .replaceFirst(" ?\\(start marker at .*| \\(of type .*|: not allowed as per .*", "")
        + where;
  }
}
