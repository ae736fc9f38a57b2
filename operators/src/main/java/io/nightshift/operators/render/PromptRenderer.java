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
 * Renders the prompt of a row: the job's templates over the row's columns, or messages that the row
 * has, then the model's chat template over the messages.
 *
 * <p>Control tokens are recognized in what the templates themselves write. What comes from the row
 * or is computed from it stays text, whatever a template makes of it. Thread-safe.
 */
public final class PromptRenderer {
  private final PromptContent content;
  private final Map<String, Template> templates = new LinkedHashMap<>();
  private final RowVariables variables;
  private final @Nullable ChatRenderer chat;
  private final Map<String, String> specialTokens;
  private final String answerStart;

  /**
   * @param prompt the job's prompt
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
    content = prompt.content();
    TemplateOptions options = TemplateOptions.COLUMNS.withClock(clock);
    Map<String, String> sources = content.templates();
    sources.forEach((key, source) -> parse(key, source, options, columns));
    variables = new RowVariables(List.copyOf(templates.values()), columns, prompt.schema());
    if (!sources.isEmpty()) {
      PromptChecks.check(sources, variables.columns(), columns);
    }
    if (prompt.isPlainText()) {
      chat = null;
      specialTokens = Map.of();
      answerStart = "";
    } else {
      chat = new ChatRenderer(require(chatTemplate), clock, prompt.templateOptions());
      specialTokens = chat.specialTokens(roles(content));
      answerStart = Objects.requireNonNullElse(prompt.answerStart(), "");
    }
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

  private static ChatTemplate require(Optional<ChatTemplate> chatTemplate) {
    return chatTemplate.orElseThrow(
        () ->
            new IllegalArgumentException(
                "the model has no chat template: use prompt.text instead of prompt.user or"
                    + " prompt.messages"));
  }

  /** Roles that every prompt has. */
  private static List<MessageRole> roles(PromptContent content) {
    return content instanceof PromptContent.Turn turn && turn.system() != null
        ? List.of(MessageRole.SYSTEM, MessageRole.USER)
        : List.of(MessageRole.USER);
  }

  /** Names of the columns that prompts are made from. */
  public Set<String> columns() {
    return content instanceof PromptContent.Messages messages
        ? Set.of(messages.column())
        : variables.columns();
  }

  /** Special tokens that the model's chat template writes into prompts, their contents by name. */
  public Map<String, String> specialTokens() {
    return Map.copyOf(specialTokens);
  }

  /**
   * The prompt of a row.
   *
   * @param row values of at least {@link #columns()}, null where the row has null
   * @throws RowException if the row gives no prompt
   */
  public RenderedPrompt render(Map<String, @Nullable Object> row) throws RowException {
    try {
      TemplateText whole =
          chat == null ? written("prompt.text", variables.of(row)) : chat.render(messages(row));
      return new RenderedPrompt(whole.text(), whole.literals()).followedBy(answerStart);
    } catch (NonePrintedException e) {
      throw new RowException(RowErrorCode.PROMPT_NULL, String.valueOf(e.getMessage()));
    } catch (TemplateException e) {
      throw new RowException(RowErrorCode.TEMPLATE_ERROR, String.valueOf(e.getMessage()));
    }
  }

  private List<Map<String, @Nullable Object>> messages(Map<String, @Nullable Object> row)
      throws RowException {
    if (content instanceof PromptContent.Messages messages) {
      return new MessagesColumn(messages.column()).messages(row);
    }
    Map<String, @Nullable Object> values = variables.of(row);
    TemplateText user = written("prompt.user", values);
    List<Map<String, @Nullable Object>> messages = new ArrayList<>(2);
    Template system = templates.get("prompt.system");
    if (system != null) {
      messages.add(ChatRenderer.message(MessageRole.SYSTEM, system.render(values)));
    }
    messages.add(ChatRenderer.message(MessageRole.USER, user));
    return messages;
  }

  private TemplateText written(String key, Map<String, @Nullable Object> values)
      throws RowException {
    TemplateText text = Objects.requireNonNull(templates.get(key)).render(values);
    if (text.text().isBlank()) {
      throw new RowException(RowErrorCode.PROMPT_EMPTY, "the rendered prompt is empty");
    }
    return text;
  }
}
