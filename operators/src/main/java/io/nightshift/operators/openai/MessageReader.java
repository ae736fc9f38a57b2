package io.nightshift.operators.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.connectors.jsonl.decode.SyntaxProblem;
import io.nightshift.operators.render.ChatRenderer;
import io.nightshift.operators.render.MessageRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages of a chat body.
 *
 * @param template the model's chat template
 */
record MessageReader(ChatRenderer template) {
  static final String NAME = "name";
  static final String TOOL_CALLS = "tool_calls";

  private static final String DEVELOPER = "developer";
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** The message as the chat template takes it. */
  Map<String, @Nullable Object> read(BodyFields message) throws BodyException {
    MessageRole role = role(message);
    boolean assistant = role == MessageRole.ASSISTANT;
    Optional<List<JsonNode>> toolCalls =
        assistant ? message.list(TOOL_CALLS) : Optional.<List<JsonNode>>empty();
    Optional<JsonNode> content = message.find("content");
    if (content.isEmpty() && toolCalls.isEmpty()) {
      throw BodyException.missing(message.name("content"));
    }
    // Templates that do not know developers know systems, which came first and mean the same.
    boolean asSystem = role == MessageRole.DEVELOPER && !template.mentions(DEVELOPER);
    Map<String, @Nullable Object> values =
        ChatRenderer.message(
            asSystem ? MessageRole.SYSTEM : role,
            content.isPresent() ? text(message.name("content"), content.get()) : null);
    put(values, NAME, message.text(NAME));
    if (toolCalls.isPresent()) {
      values.put(TOOL_CALLS, toolCalls(message.name(TOOL_CALLS), toolCalls.get()));
    }
    if (role == MessageRole.TOOL) {
      put(values, "tool_call_id", message.text("tool_call_id"));
    }
    message.requireAllRead("messages have role, content and name, and those of tool calls");
    return values;
  }

  private static MessageRole role(BodyFields message) throws BodyException {
    String role = message.requireText("role");
    Optional<MessageRole> known = MessageRole.of(role);
    if (known.isEmpty()) {
      throw BodyException.invalidValue(
          message.name("role"), "is %s; it must be one of %s".formatted(role, MessageRole.known()));
    }
    return known.get();
  }

  private static void put(
      Map<String, @Nullable Object> values, String key, Optional<String> value) {
    value.ifPresent(text -> values.put(key, text));
  }

  /** The text of a content: a string, or text parts, which are joined by line breaks. */
  private static String text(String name, JsonNode content) throws BodyException {
    if (content.isTextual()) {
      return content.textValue();
    }
    if (!content.isArray()) {
      throw BodyException.invalidType(name, "a string or a list of text parts");
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < content.size(); i++) {
      BodyFields part = BodyFields.element(name, i, content.get(i));
      String type = part.requireText("type");
      if (!type.equals("text")) {
        throw BodyException.unsupported(
            part.name("type"), "models here read text parts only, not " + type);
      }
      texts.add(part.requireText("text"));
      part.requireAllRead("text parts have type and text");
    }
    return String.join("\n", texts);
  }

  /** Tool calls as chat templates take them: the arguments are an object and not its text. */
  private static List<Object> toolCalls(String name, List<JsonNode> calls) throws BodyException {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      if (!(calls.get(i).path("function") instanceof ObjectNode function)) {
        throw BodyException.invalidType(name + "[" + i + "]", "an object with a function");
      }
      ObjectNode call = calls.get(i).deepCopy();
      if (function.path("arguments").isTextual()) {
        String field = name + "[" + i + "].function.arguments";
        ((ObjectNode) call.get("function"))
            .set("arguments", json(field, function.get("arguments").textValue()));
      }
      values.add(value(call));
    }
    return values;
  }

  private static JsonNode json(String name, String text) throws BodyException {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw BodyException.invalidValue(name, "is no valid JSON: " + SyntaxProblem.of(e).text());
    }
  }

  /** A value of JSON as templates take it. */
  static Object value(JsonNode node) {
    return JSON.convertValue(node, Object.class);
  }
}
