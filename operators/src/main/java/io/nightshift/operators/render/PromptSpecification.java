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
 */
public record PromptSpecification(
    @Nullable String system,
    @Nullable String user,
    @Nullable String text,
    Map<String, @Nullable Object> templateOptions)
    implements Serializable {

  /** A prompt without variables for the chat template. */
  public PromptSpecification(
      @Nullable String system, @Nullable String user, @Nullable String text) {
    this(system, user, text, Map.of());
  }

  public PromptSpecification {
    templateOptions = Collections.unmodifiableMap(new TreeMap<>(templateOptions));
    if ((user == null) == (text == null) || (text != null && system != null)) {
      throw new IllegalArgumentException(
          "a prompt is either prompt.text alone, or prompt.user with an optional prompt.system");
    }
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
