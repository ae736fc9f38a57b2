package io.nightshift.operators.render;

import io.nightshift.operators.jinja.NonePrintedException;
import io.nightshift.operators.jinja.Template;
import io.nightshift.operators.jinja.TemplateException;
import io.nightshift.operators.jinja.TemplateOptions;
import io.nightshift.operators.jinja.TemplateSyntaxException;
import io.nightshift.operators.jinja.TemplateText;
import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Renders the prompt of a row: the job's templates over the row's columns, then the model's chat
 * template over the messages.
 *
 * <p>Control tokens are recognized in what the templates themselves write. What comes from the row
 * or is computed from it stays text, whatever a template makes of it. Thread-safe.
 */
public final class PromptRenderer {
  private final Map<String, Template> templates = new LinkedHashMap<>();
  private final @Nullable ChatTemplateRenderer chat;
  private final Map<String, String> specialTokens;
  private final RowVariables variables;
  private final String answerStart;

  /**
   * @param prompt the job's templates
   * @param chatTemplate the model's; must be present unless the prompt is plain text
   * @param clock what {@code strftime_now} reads; the same one for all rows of a job, lest prompts
   *     stop sharing their prefix at midnight
   * @param columns names of the columns that the rows have
   * @throws IllegalArgumentException if a template cannot be parsed, no template reads a column,
   *     one reads {@code schema} and the rows have such a column besides the schema, the chat
   *     template does not use one of its options, or the model has no chat template, or one that
   *     refuses the messages (some have no system role)
   */
  public PromptRenderer(
      PromptSpecification prompt,
      Optional<ChatTemplate> chatTemplate,
      Clock clock,
      Collection<String> columns) {
    TemplateOptions options = TemplateOptions.COLUMNS.withClock(clock);
    prompt.templates().forEach((key, source) -> parse(key, source, options, columns));
    this.variables = new RowVariables(List.copyOf(templates.values()), columns, prompt.schema());
    PromptChecks.check(prompt.templates(), variables.columns(), columns);
    this.chat = prompt.text() != null ? null : chat(prompt, chatTemplate, clock);
    this.answerStart =
        prompt.text() != null ? "" : Objects.requireNonNullElse(prompt.answerStart(), "");
    this.specialTokens = chat == null ? Map.of() : chat.probe(prompt.system() != null);
  }

  private void parse(
      String key, String source, TemplateOptions options, Collection<String> columns) {
    try {
      templates.put(key, Template.parse(key, source, options));
    } catch (TemplateSyntaxException e) {
      String remedy =
          PromptChecks.hint(Map.of(key, source), columns)
              .orElseThrow(() -> e); // of a template that is wrong in itself
      throw new IllegalArgumentException(e.getMessage() + "; " + remedy, e);
    }
  }

  private static ChatTemplateRenderer chat(
      PromptSpecification prompt, Optional<ChatTemplate> chatTemplate, Clock clock) {
    ChatTemplate template =
        chatTemplate.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the model has no chat template: use prompt.text instead of prompt.user"));
    return new ChatTemplateRenderer(template, clock, prompt.templateOptions());
  }

  /** Names of the columns that the job's templates read. */
  public Set<String> columns() {
    return variables.columns();
  }

  /** Special tokens that the model's chat template writes into prompts, their contents by name. */
  public Map<String, String> specialTokens() {
    return specialTokens;
  }

  /**
   * The prompt of a row.
   *
   * @param row values of at least {@link #columns()}, null where the row has null
   * @throws RowException if the row gives no prompt
   */
  public RenderedPrompt render(Map<String, @Nullable Object> row) throws RowException {
    Map<String, @Nullable Object> values = variables.of(row);
    try {
      TemplateText content =
          Objects.requireNonNull(templates.get(chat == null ? "prompt.text" : "prompt.user"))
              .render(values);
      if (content.text().isBlank()) {
        throw new RowException(RowErrorCode.PROMPT_EMPTY, "the rendered prompt is empty");
      }
      Template system = templates.get("prompt.system");
      TemplateText whole =
          chat == null
              ? content
              : render(chat, system == null ? null : system.render(values), content);
      return new RenderedPrompt(whole.text(), whole.literals()).followedBy(answerStart);
    } catch (NonePrintedException e) {
      throw new RowException(RowErrorCode.PROMPT_NULL, String.valueOf(e.getMessage()));
    } catch (TemplateException e) {
      throw new RowException(RowErrorCode.TEMPLATE_ERROR, String.valueOf(e.getMessage()));
    }
  }

  private static TemplateText render(
      ChatTemplateRenderer chat, @Nullable TemplateText system, TemplateText user) {
    List<Map<String, @Nullable Object>> messages = new ArrayList<>(2);
    if (system != null) {
      messages.add(ChatTemplateRenderer.message("system", system));
    }
    messages.add(ChatTemplateRenderer.message("user", user));
    return chat.render(messages);
  }
}
