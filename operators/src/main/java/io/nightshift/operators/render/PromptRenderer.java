package io.nightshift.operators.render;

import io.nightshift.operators.jinja.NonePrintedException;
import io.nightshift.operators.jinja.Template;
import io.nightshift.operators.jinja.TemplateException;
import io.nightshift.operators.jinja.TemplateOptions;
import io.nightshift.runtime.model.ChatTemplate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Renders the prompt of a row: the job's templates over the row's columns, then the model's chat
 * template over the messages.
 *
 * <p>Strings from the row pass through {@code protect} first, so that a control token in them stays
 * text (see {@link io.nightshift.runtime.tokenizer.Tokenizer#protect}). The job's own templates may
 * use control tokens. Thread-safe.
 */
public final class PromptRenderer {
  private final @Nullable Template system;
  private final @Nullable Template user;
  private final @Nullable Template text;
  private final @Nullable Template chat;
  private final Map<String, Object> chatVariables = new LinkedHashMap<>();
  private final UnaryOperator<String> protect;
  private final Set<String> columns = new TreeSet<>();
  private final Map<String, String> specialTokens = new TreeMap<>();

  /**
   * @param prompt the job's templates
   * @param chatTemplate the model's; must be present unless the prompt is plain text
   * @param protect marks control tokens in row text as text
   * @param clock what {@code strftime_now} reads; the same one for all rows of a job, lest prompts
   *     stop sharing their prefix at midnight
   * @throws IllegalArgumentException if a template cannot be parsed, or the model has no chat
   *     template, or one that refuses the messages (some have no system role)
   */
  public PromptRenderer(
      PromptSpecification prompt,
      Optional<ChatTemplate> chatTemplate,
      UnaryOperator<String> protect,
      Clock clock) {
    this.protect = protect;
    TemplateOptions options = TemplateOptions.COLUMNS.withClock(clock);
    this.system = parse("prompt.system", prompt.system(), options);
    this.user = parse("prompt.user", prompt.user(), options);
    this.text = parse("prompt.text", prompt.text(), options);
    if (text != null) {
      this.chat = null;
      return;
    }
    ChatTemplate template =
        chatTemplate.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the model has no chat template: use prompt.text instead of prompt.user"));
    this.chat =
        Template.parse(
            "chat template of the model", template.source(), TemplateOptions.CHAT.withClock(clock));
    chatVariables.putAll(template.specialTokens());
    chatVariables.put("add_generation_prompt", true);
    try {
      String probe = chat(system == null ? null : "probe", "probe");
      Set<String> names = chat.freeVariables();
      template
          .specialTokens()
          .forEach(
              (name, content) -> {
                if (names.contains(name) && probe.contains(content)) {
                  specialTokens.put(name, content);
                }
              });
    } catch (TemplateException e) {
      throw new IllegalArgumentException(
          "the model's chat template refuses "
              + (system == null ? "a user message" : "a system message followed by a user message")
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private @Nullable Template parse(String name, @Nullable String source, TemplateOptions options) {
    if (source == null) {
      return null;
    }
    Template template = Template.parse(name, source, options);
    columns.addAll(template.freeVariables());
    return template;
  }

  /** Names of the columns that the job's templates use. */
  public Set<String> columns() {
    return Set.copyOf(columns);
  }

  /** Special tokens that the model's chat template writes into prompts, their contents by name. */
  public Map<String, String> specialTokens() {
    return Map.copyOf(specialTokens);
  }

  /**
   * The prompt's text, to be tokenized by {@link
   * io.nightshift.runtime.tokenizer.Tokenizer#encodePrompt}.
   *
   * @param row values of at least {@link #columns()}, null where the row has null
   * @throws RowException if the row gives no prompt
   */
  public String render(Map<String, @Nullable Object> row) throws RowException {
    Map<String, @Nullable Object> variables = new LinkedHashMap<>();
    for (String column : columns) {
      variables.put(column, protectStrings(row.get(column)));
    }
    try {
      String content = (text != null ? text : Objects.requireNonNull(user)).render(variables);
      if (content.isBlank()) {
        throw new RowException(RowErrorCode.PROMPT_EMPTY, "the rendered prompt is empty");
      }
      return text != null
          ? content
          : chat(system == null ? null : system.render(variables), content);
    } catch (NonePrintedException e) {
      throw new RowException(RowErrorCode.PROMPT_NULL, String.valueOf(e.getMessage()));
    } catch (TemplateException e) {
      throw new RowException(RowErrorCode.TEMPLATE_ERROR, String.valueOf(e.getMessage()));
    }
  }

  private String chat(@Nullable String systemContent, String userContent) {
    List<Map<String, Object>> messages = new ArrayList<>(2);
    if (systemContent != null) {
      messages.add(Map.of("role", "system", "content", systemContent));
    }
    messages.add(Map.of("role", "user", "content", userContent));
    Map<String, Object> variables = new LinkedHashMap<>(chatVariables);
    variables.put("messages", messages);
    return Objects.requireNonNull(chat).render(variables);
  }

  private @Nullable Object protectStrings(@Nullable Object value) {
    if (value instanceof String string) {
      return protect.apply(string);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>(list.size());
      list.forEach(element -> copy.add(protectStrings(element)));
      return copy;
    }
    if (value instanceof Map<?, ?> map) {
      Map<@Nullable Object, @Nullable Object> copy = new LinkedHashMap<>();
      map.forEach((key, element) -> copy.put(protectStrings(key), protectStrings(element)));
      return copy;
    }
    return value;
  }
}
