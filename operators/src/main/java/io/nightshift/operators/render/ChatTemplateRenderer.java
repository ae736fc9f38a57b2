package io.nightshift.operators.render;

import io.nightshift.operators.jinja.Template;
import io.nightshift.operators.jinja.TemplateException;
import io.nightshift.operators.jinja.TemplateOptions;
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
 * Renders conversations with a model's chat template. Control tokens are recognized in what the
 * template itself writes, in the roles and in the job's template options. Thread-safe.
 */
public final class ChatTemplateRenderer {
  private static final TemplateText PROBE = TemplateText.literal("probe");
  private static final String ROLE = "role";
  private static final String CONTENT = "content";

  private final ChatTemplate source;
  private final Template template;
  private final TemplateVariables options;
  private final Map<String, @Nullable Object> variables = new LinkedHashMap<>();

  /**
   * @param clock what {@code strftime_now} reads
   * @param templateOptions variables for the template by name, which all conversations have
   * @throws IllegalArgumentException if the template cannot be parsed, or does not use one of its
   *     options
   */
  public ChatTemplateRenderer(
      ChatTemplate source, Clock clock, Map<String, @Nullable Object> templateOptions) {
    this.source = source;
    this.template =
        Template.parse(
            "chat template of the model", source.source(), TemplateOptions.CHAT.withClock(clock));
    source
        .specialTokens()
        .forEach((name, token) -> variables.put(name, TemplateText.literal(token)));
    variables.put("add_generation_prompt", true);
    this.options = new TemplateVariables(template, variables.keySet());
    options.requireOptions(templateOptions.keySet());
    templateOptions.forEach(
        (name, value) -> variables.put(name, TemplateVariables.written(value)));
  }

  /**
   * A message. Its role is one of those that chat templates know, and may be part of a control
   * token.
   *
   * @param content a text, or whatever else the template takes
   */
  public static Map<String, @Nullable Object> message(String role, @Nullable Object content) {
    Map<String, @Nullable Object> message = new LinkedHashMap<>();
    message.put(ROLE, TemplateText.literal(role));
    message.put(CONTENT, content);
    return message;
  }

  /** Names of the variables that a conversation may set. */
  public Set<String> options() {
    return options.settable();
  }

  /** Whether the source of the template has this text: the name of a role, for instance. */
  public boolean mentions(String text) {
    return source.source().contains(text);
  }

  /**
   * Renders a conversation up to the beginning of the model's turn.
   *
   * @param messages as {@link #message} makes them
   * @throws TemplateException if the template refuses them
   */
  public TemplateText render(List<Map<String, @Nullable Object>> messages) {
    return render(messages, Map.of());
  }

  /**
   * Renders a conversation up to the beginning of the model's turn.
   *
   * @param messages as {@link #message} makes them
   * @param set values of some of the {@link #options()}, in which control tokens are text
   * @throws TemplateException if the template refuses them
   */
  public TemplateText render(
      List<Map<String, @Nullable Object>> messages, Map<String, @Nullable Object> set) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>(variables);
    values.putAll(set);
    values.put("messages", messages);
    return template.render(values);
  }

  /**
   * Checks that the template takes a user message, after a system message or without one.
   *
   * @return the special tokens that it writes, their contents by name
   * @throws IllegalArgumentException if it refuses the messages (some have no system role)
   */
  public Map<String, String> probe(boolean system) {
    Map<String, @Nullable Object> user = message("user", PROBE);
    try {
      String prompt =
          render(system ? List.of(message("system", PROBE), user) : List.of(user)).text();
      return writtenTokens(prompt);
    } catch (TemplateException e) {
      throw new IllegalArgumentException(
          "the model's chat template refuses "
              + (system ? "a system message followed by a user message" : "a user message")
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private Map<String, String> writtenTokens(String prompt) {
    Set<String> names = template.freeVariables();
    Map<String, String> written = new TreeMap<>(source.specialTokens());
    written
        .entrySet()
        .removeIf(token -> !names.contains(token.getKey()) || !prompt.contains(token.getValue()));
    return Map.copyOf(written);
  }
}
