package io.nightshift.operators.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.operators.jinja.TemplateException;
import io.nightshift.operators.jinja.TemplateText;
import io.nightshift.operators.render.ChatRenderer;
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
  private static final String REASONING_EFFORT = "reasoning_effort";
  private static final String TEMPLATE_OPTIONS = "chat_template_kwargs";

  /** The rendered prompt. */
  RenderedPrompt render(BodyFields body) throws BodyException {
    List<JsonNode> given = body.list(MESSAGES).orElseThrow(() -> BodyException.missing(MESSAGES));
    if (given.isEmpty()) {
      throw BodyException.invalidValue(MESSAGES, "is empty; it needs a message");
    }
    MessageReader reader = new MessageReader(template);
    List<Map<String, @Nullable Object>> messages = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      messages.add(reader.read(BodyFields.element(MESSAGES, i, given.get(i))));
    }
    Map<String, @Nullable Object> options = options(body);
    try {
      TemplateText prompt = template.render(messages, options);
      requireUse(MessageReader.NAME, messages, options, prompt);
      requireUse(MessageReader.TOOL_CALLS, messages, options, prompt);
      return new RenderedPrompt(prompt.text(), prompt.literals());
    } catch (TemplateException e) {
      throw BodyException.invalidValue(
          MESSAGES, "is refused by the model's chat template: " + e.getMessage());
    }
  }

  private Map<String, @Nullable Object> options(BodyFields body) throws BodyException {
    Map<String, @Nullable Object> options = new LinkedHashMap<>();
    Optional<BodyFields> given = body.object(TEMPLATE_OPTIONS);
    if (given.isPresent()) {
      for (String key : given.get().keys()) {
        requireOption(given.get().name(key), key);
        options.put(key, MessageReader.value(given.get().require(key)));
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
        values.add(MessageReader.value(tool));
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
}
