package io.nightshift.operators.render;

import io.nightshift.operators.jinja.TemplateText;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Who a message of a conversation is from. Which of these a chat template takes is up to it. */
public enum MessageRole {
  SYSTEM,
  DEVELOPER,
  USER,
  ASSISTANT,
  TOOL;

  private final String value = name().toLowerCase(Locale.ROOT);
  private final TemplateText text = TemplateText.literal(value);

  /** The role as chat templates read it. */
  TemplateText text() {
    return text;
  }

  /** The role that is written so; empty if there is none. */
  public static Optional<MessageRole> of(String written) {
    return Arrays.stream(values()).filter(role -> role.value.equals(written)).findFirst();
  }

  /** All roles as they are written, for messages. */
  public static String known() {
    return Arrays.stream(values()).map(role -> role.value).collect(Collectors.joining(", "));
  }
}
