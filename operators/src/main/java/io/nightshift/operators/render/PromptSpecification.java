package io.nightshift.operators.render;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The job's prompt, templates over the columns of a row: either {@code text} alone, which is the
 * whole prompt, or {@code user} with an optional {@code system}, which the model's chat template
 * puts together.
 *
 * @param system template of the system message
 * @param user template of the user message
 * @param text template of a whole prompt, for use without a chat template
 * @param templateOptions variables for the chat template by name: null, Boolean, Number, String,
 *     and serializable lists and maps of them
 * @param schema text of the answers' JSON schema, which templates read as {@code schema}; null
 *     without one
 * @param answerStart what the model would write before its answer, and which follows the prompt of
 *     the chat template, with control tokens; null if nothing does
 */
public record PromptSpecification(
    @Nullable String system,
    @Nullable String user,
    @Nullable String text,
    Map<String, @Nullable Object> templateOptions,
    @Nullable String schema,
    @Nullable String answerStart)
    implements Serializable {

  /** A prompt without variables for the chat template. */
  public PromptSpecification(
      @Nullable String system, @Nullable String user, @Nullable String text) {
    this(system, user, text, Map.of());
  }

  /** A prompt whose answers have no schema. */
  public PromptSpecification(
      @Nullable String system,
      @Nullable String user,
      @Nullable String text,
      Map<String, @Nullable Object> templateOptions) {
    this(system, user, text, templateOptions, null, null);
  }

  public PromptSpecification {
    templateOptions = Collections.unmodifiableMap(new TreeMap<>(templateOptions));
    if ((user == null) == (text == null) || (text != null && system != null)) {
      throw new IllegalArgumentException(
          "a prompt is either prompt.text alone, or prompt.user with an optional prompt.system");
    }
  }

  /** The same prompt, whose answers have a schema. */
  public PromptSpecification withSchema(String json) {
    return new PromptSpecification(system, user, text, templateOptions, json, answerStart);
  }

  /** The same prompt, which the beginning of the model's turn follows if it has a chat template. */
  public PromptSpecification withAnswerStart(String start) {
    return new PromptSpecification(system, user, text, templateOptions, schema, start);
  }

  /** Whether the prompt is written without the model's chat template. */
  public boolean isPlainText() {
    return text != null;
  }

  /** The templates by the keys of their options. */
  Map<String, String> templates() {
    Map<String, String> templates = new LinkedHashMap<>();
    add(templates, "prompt.system", system);
    add(templates, "prompt.user", user);
    add(templates, "prompt.text", text);
    return templates;
  }

  private static void add(Map<String, String> templates, String key, @Nullable String source) {
    if (source != null) {
      templates.put(key, source);
    }
  }
}
