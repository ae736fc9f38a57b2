package io.nightshift.operators.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.operators.jinja.TemplateException;
import io.nightshift.operators.jinja.TemplateText;
import io.nightshift.operators.render.ChatRenderer;
import io.nightshift.operators.render.MessageRole;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of a chat body, with what else its chat template is given, and renders them.
 *
 * @param template the model's chat template
 */
record Conversation(ChatRenderer template) {
  private static final String MESSAGES = "messages";
  private static final String TOOLS = "tools";
  private static final String TOOL_CALLS = "tool_calls";
  private static final String REASONING_EFFORT = "reasoning_effort";
  private static final String TEMPLATE_OPTIONS = "chat_template_kwargs";
  private static final String DEVELOPER = "developer";
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** The rendered prompt. */
  RenderedPrompt render(BodyFields body) throws BodyException {
    List<JsonNode> given = body.list(MESSAGES).orElseThrow(() -> BodyException.missing(MESSAGES));
    if (given.isEmpty()) {
      throw BodyException.invalidValue(MESSAGES, "is empty; it needs a message");
    }
    List<Map<String, @Nullable Object>> messages = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      messages.add(message(BodyFields.element(MESSAGES, i, given.get(i))));
    }
    Map<String, @Nullable Object> options = options(body);
    try {
      TemplateText prompt = template.render(messages, options);
      requireUse("name", messages, options, prompt);
      requireUse(TOOL_CALLS, messages, options, prompt);
      return new RenderedPrompt(prompt.text(), prompt.literals());
    } catch (TemplateException e) {
      throw BodyException.invalidValue(
          MESSAGES, "is refused by the model's chat template: " + e.getMessage());
    }
  }

  private Map<String, @Nullable Object> message(BodyFields message) throws BodyException {
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
    put(values, "name", message.text("name"));
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
      throw BodyException.invalidValue(name, "is no valid JSON: " + e.getOriginalMessage());
    }
  }

  private Map<String, @Nullable Object> options(BodyFields body) throws BodyException {
    Map<String, @Nullable Object> options = new LinkedHashMap<>();
    Optional<BodyFields> given = body.object(TEMPLATE_OPTIONS);
    if (given.isPresent()) {
      for (String key : given.get().keys()) {
        requireOption(given.get().name(key), key);
        options.put(key, value(given.get().require(key)));
      }
    }
    Optional<String> effort = body.text(REASONING_EFFORT);
    if (effort.isPresent()) {
      requireOption(REASONING_EFFORT, REASONING_EFFORT);
      options.put(REASONING_EFFORT, effort.get());
    }
    readTools(body, options);
    return options;
  }

  /** With {@code tool_choice: none}, the model is not told of tools. */
  private void readTools(BodyFields body, Map<String, @Nullable Object> options)
      throws BodyException {
    Optional<List<JsonNode>> tools = body.list(TOOLS);
    Optional<JsonNode> choice = body.find("tool_choice");
    boolean none = choice.isPresent() && choice.get().asText().equals("none");
    if (choice.isPresent() && !none && !choice.get().asText().equals("auto")) {
      throw BodyException.unsupported(
          "tool_choice", "use auto or none, since tool calls are not enforced");
    }
    if (tools.isPresent() && !tools.get().isEmpty() && !none) {
      requireOption(TOOLS, TOOLS);
      List<Object> values = new ArrayList<>();
      for (JsonNode tool : tools.get()) {
        values.add(value(tool));
      }
      options.put(TOOLS, values);
    }
  }

  private void requireOption(String name, String variable) throws BodyException {
    if (!template.options().contains(variable)) {
      throw BodyException.unsupported(
          name, "the model's chat template does not use %s; remove it".formatted(variable));
    }
  }

  /** Checks that a field of messages, where it is given, makes a difference to the prompt. */
  private void requireUse(
      String key,
      List<Map<String, @Nullable Object>> messages,
      Map<String, @Nullable Object> options,
      TemplateText prompt)
      throws BodyException {
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).containsKey(key)) {
        List<Map<String, @Nullable Object>> without = new ArrayList<>(messages);
        Map<String, @Nullable Object> message = new LinkedHashMap<>(messages.get(i));
        message.remove(key);
        without.set(i, message);
        if (renders(without, options, prompt.text())) {
          throw BodyException.unsupported(
              "%s[%s].%s".formatted(MESSAGES, i, key),
              "the model's chat template leaves it out; write it into the content");
        }
      }
    }
  }

  private boolean renders(
      List<Map<String, @Nullable Object>> messages,
      Map<String, @Nullable Object> options,
      String prompt) {
    try {
      return template.render(messages, options).text().equals(prompt);
    } catch (TemplateException e) {
      return false; // of a template that needs the field
    }
  }

  private static Object value(JsonNode node) {
    return JSON.convertValue(node, Object.class);
  }
}
