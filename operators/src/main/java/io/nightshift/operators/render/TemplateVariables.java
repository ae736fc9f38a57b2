package io.nightshift.operators.render;

import io.nightshift.operators.jinja.Template;
import io.nightshift.operators.jinja.TemplateText;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The variables of a model's chat template that a job may set: {@code prompt.template-options}. */
final class TemplateVariables {
  /** Variables that a chat template always has, or would have if the model had such a token. */
  private static final Set<String> RESERVED =
      Set.of(
          "messages", "add_generation_prompt", "bos_token", "eos_token", "pad_token", "unk_token");

  private final Set<String> set;
  private final Set<String> settable;
  private final Set<String> globals;

  /**
   * @param set names of the variables that the template is given anyway
   */
  TemplateVariables(Template chat, Set<String> set) {
    this.set = Set.copyOf(set);
    this.globals = chat.globals();
    settable = new TreeSet<>(chat.freeVariables());
    settable.removeAll(RESERVED);
    settable.removeAll(set);
  }

  /** Names of the variables that the template uses and that may be set. */
  Set<String> settable() {
    return Collections.unmodifiableSet(settable);
  }

  /**
   * Checks that the template uses variables of these names, and that they are the job's to set.
   *
   * @throws IllegalArgumentException naming one that is not
   */
  void requireOptions(Collection<String> names) {
    for (String name : names) {
      if (RESERVED.contains(name) || set.contains(name) || globals.contains(name)) {
        throw new IllegalArgumentException(
            "prompt.template-options sets %s, which the chat template gets from the model and the row, or from Jinja; remove it"
                .formatted(name));
      }
      if (!settable.contains(name)) {
        throw new IllegalArgumentException(
            "prompt.template-options sets %s, which the model's chat template does not use; %s"
                .formatted(
                    name,
                    settable.isEmpty()
                        ? "it has no options, so remove it"
                        : "it uses " + String.join(", ", settable)));
      }
    }
  }

  /** A value whose texts count as written by a template, so that they may have control tokens. */
  static @Nullable Object written(@Nullable Object value) {
    if (value instanceof String text) {
      return TemplateText.literal(text);
    }
    if (value instanceof List<?> items) {
      return items.stream().map(TemplateVariables::written).toList();
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, @Nullable Object> entries = new LinkedHashMap<>();
      map.forEach((key, entry) -> entries.put(key, written(entry)));
      return entries;
    }
    return value;
  }
}
