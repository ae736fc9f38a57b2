package io.nightshift.operators.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.connectors.jsonl.decode.SyntaxProblem;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A line of a batch file.
 *
 * @param customId by which the line's response is known
 * @param body of the request
 */
public record BatchLine(String customId, Endpoint endpoint, ObjectNode body) {
  private static final Set<String> KEYS = Set.of("custom_id", "method", "url", "body");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Reads a line.
   *
   * @throws InvalidLineException if it is no JSON, or not an object with an id, a method, the URL
   *     of an {@link Endpoint} and a body
   */
  public static BatchLine parse(String line) throws InvalidLineException {
    JsonNode node = json(line);
    if (!(node instanceof ObjectNode object)) {
      throw invalid("is no JSON object with custom_id, method, url and body");
    }
    String customId = text(object, "custom_id");
    if (customId.isEmpty()) {
      throw invalid("has an empty custom_id");
    }
    String method = text(object, "method");
    if (!method.equals("POST")) {
      throw invalid("has the method \"" + method + "\"; write POST");
    }
    String url = text(object, "url");
    Endpoint endpoint =
        Endpoint.of(url)
            .orElseThrow(
                () ->
                    invalid(
                        "has the url \"%s\"; known are %s"
                            .formatted(url, String.join(", ", Endpoint.urls()))));
    if (!(object.get("body") instanceof ObjectNode body)) {
      throw invalid("has no body, or one that is no JSON object");
    }
    for (String key : (Iterable<String>) object::fieldNames) {
      if (!KEYS.contains(key)) {
        throw invalid("has a key \"" + key + "\" that batch files do not have; remove it");
      }
    }
    return new BatchLine(customId, endpoint, body);
  }

  private static JsonNode json(String line) throws InvalidLineException {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      SyntaxProblem problem = SyntaxProblem.of(e);
      throw new InvalidLineException(problem.column(), "is no valid JSON: " + problem.text());
    }
  }

  private static String text(ObjectNode line, String key) throws InvalidLineException {
    @Nullable JsonNode value = line.get(key);
    if (value == null) {
      throw invalid("has no " + key);
    }
    if (!value.isTextual()) {
      throw invalid("has a " + key + " that is no string");
    }
    return value.textValue();
  }

  private static InvalidLineException invalid(String problem) {
    return new InvalidLineException(1, problem);
  }
}
