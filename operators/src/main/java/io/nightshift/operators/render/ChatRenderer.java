package io.nightshift.operators.render;

import io.nightshift.operators.jinja.Template;
import io.nightshift.operators.jinja.TemplateException;
import io.nightshift.operators.jinja.TemplateOptions;
import io.nightshift.operators.jinja.TemplateSyntaxException;
import io.nightshift.operators.jinja.TemplateText;
import io.nightshift.runtime.model.ChatTemplate;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Renders conversations by a model's chat template, up to where the model's turn begins.
 *
 * <p>A message is a map with {@code role}, {@code content} and whatever else the template reads of
 * it, as Hugging Face's {@code apply_chat_template} takes it. A {@link TemplateText} in it may hold
 * control tokens; every other text stays text. Thread-safe.
 */
public final class ChatRenderer {
  private static final TemplateText PROBE = TemplateText.literal("probe");

  private final String source;
  private final Template template;
  private final Map<String, @Nullable Object> variables = new LinkedHashMap<>();
  private final Map<String, String> modelTokens;
  private final TemplateVariables settable;

  /**
   * @param model the model's template
   * @param clock what {@code strftime_now} reads
   * @param options variables for the template; their texts may have control tokens
   * @throws IllegalArgumentException if the template does not use one of the options
   * @throws TemplateSyntaxException if it cannot be parsed
   */
  public ChatRenderer(ChatTemplate model, Clock clock, Map<String, @Nullable Object> options) {
    source = model.source();
    template =
        Template.parse(
            "chat template of the model", model.source(), TemplateOptions.CHAT.withClock(clock));
    modelTokens = Map.copyOf(model.specialTokens());
    modelTokens.forEach((name, token) -> variables.put(name, TemplateText.literal(token)));
    variables.put("add_generation_prompt", true);
    settable = new TemplateVariables(template, variables.keySet());
    requireOptions(options.keySet());
    options.forEach((name, value) -> variables.put(name, TemplateVariables.written(value)));
  }

  /**
   * Checks that the template uses variables of these names, and that they may be set.
   *
   * @throws IllegalArgumentException naming one that is not
   */
  public void requireOptions(Set<String> names) {
    settable.requireOptions(names);
  }

  /** Names of the variables that a conversation may set. */
  public Set<String> options() {
    return settable.settable();
  }

  /** Whether the source of the template has this text: the name of a role, for instance. */
  public boolean mentions(String text) {
    return source.contains(text);
  }

  /** A message with a role of the program's. */
  public static Map<String, @Nullable Object> message(MessageRole role, @Nullable Object content) {
    Map<String, @Nullable Object> message = new LinkedHashMap<>();
    message.put("role", role.text());
    message.put("content", content);
    return message;
  }

  /**
   * The prompt of a conversation.
   *
   * @throws TemplateException if the template refuses the messages, or fails
   */
  public TemplateText render(List<Map<String, @Nullable Object>> messages) {
    return render(messages, Map.of());
  }

  /**
   * The prompt of a conversation with variables of its own.
   *
   * @param more variables besides the renderer's options, which they override
   * @throws TemplateException if the template refuses the messages, or fails
   */
  public TemplateText render(
      List<Map<String, @Nullable Object>> messages, Map<String, @Nullable Object> more) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>(variables);
    values.putAll(more);
    values.put("messages", messages);
    return template.render(values);
  }

  /**
   * Special tokens that the template writes into prompts, their contents by name, found by
   * rendering a conversation of one message of each role.
   *
   * @throws IllegalArgumentException if the template refuses these roles
   */
  public Map<String, String> specialTokens(List<MessageRole> roles) {
    String prompt;
    try {
      prompt = render(roles.stream().map(role -> message(role, PROBE)).toList()).text();
    } catch (TemplateException e) {
      throw new IllegalArgumentException(
          "the model's chat template refuses "
              + (roles.size() == 1
                  ? "a user message"
                  : "a system message followed by a user message")
              + ": "
              + e.getMessage(),
          e);
    }
    Map<String, String> written = new TreeMap<>(modelTokens);
    written
        .entrySet()
        .removeIf(
            token ->
                !template.freeVariables().contains(token.getKey())
                    || !prompt.contains(token.getValue()));
    return written;
  }
}
