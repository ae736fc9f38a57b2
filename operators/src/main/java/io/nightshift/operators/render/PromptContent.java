package io.nightshift.operators.render;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the prompt of a row is made from. */
public sealed interface PromptContent extends Serializable {

  /** Jinja templates over the row's columns, by the keys of their options. */
  Map<String, String> templates();

  /**
   * A conversation of one turn, for the model's chat template.
   *
   * @param system template of the system message; null without one
   * @param user template of the user message
   */
  record Turn(@Nullable String system, String user) implements PromptContent {
    @Override
    public Map<String, String> templates() {
      Map<String, String> templates = new LinkedHashMap<>();
      if (system != null) {
        templates.put("prompt.system", system);
      }
      templates.put("prompt.user", user);
      return templates;
    }
  }

  /**
   * A conversation that the row has, for the model's chat template.
   *
   * @param column of {@link MessagesColumn}
   */
  record Messages(String column) implements PromptContent {
    @Override
    public Map<String, String> templates() {
      return Map.of();
    }
  }

  /**
   * A whole prompt, for use without a chat template.
   *
   * @param template of it
   */
  record Text(String template) implements PromptContent {
    @Override
    public Map<String, String> templates() {
      return Map.of("prompt.text", template);
    }
  }
}
