package io.nightshift.operators.render;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The job's prompt.
 *
 * @param content what the prompt of a row is made from
 * @param templateOptions variables for the chat template by name: null, Boolean, Number, String,
 *     and serializable lists and maps of them
 * @param schema text of the answers' JSON schema, which templates read as {@code schema}; null
 *     without one
 * @param answerStart what the model would write before its answer, and which follows the prompt of
 *     the chat template, with control tokens; null if nothing does
 */
public record PromptSpecification(
    PromptContent content,
    Map<String, @Nullable Object> templateOptions,
    @Nullable String schema,
    @Nullable String answerStart)
    implements Serializable {

  public PromptSpecification {
    templateOptions = Collections.unmodifiableMap(new TreeMap<>(templateOptions));
  }

  /** A prompt whose answers have no schema. */
  public PromptSpecification(PromptContent content, Map<String, @Nullable Object> templateOptions) {
    this(content, templateOptions, null, null);
  }

  /** A conversation of one turn; {@code system} may be null. */
  public static PromptSpecification turn(@Nullable String system, String user) {
    return new PromptSpecification(new PromptContent.Turn(system, user), Map.of());
  }

  /** A whole prompt. */
  public static PromptSpecification text(String template) {
    return new PromptSpecification(new PromptContent.Text(template), Map.of());
  }

  /** The same prompt, whose answers have a schema. */
  public PromptSpecification withSchema(String json) {
    return new PromptSpecification(content, templateOptions, json, answerStart);
  }

  /** The same prompt, which the beginning of the model's turn follows if it has a chat template. */
  public PromptSpecification withAnswerStart(String start) {
    return new PromptSpecification(content, templateOptions, schema, start);
  }

  /** Whether the prompt is written without the model's chat template. */
  public boolean isPlainText() {
    return content instanceof PromptContent.Text;
  }
}
