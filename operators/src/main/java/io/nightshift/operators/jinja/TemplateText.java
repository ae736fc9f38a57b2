package io.nightshift.operators.jinja;

import io.nightshift.operators.jinja.runtime.TextWithLiterals;

/**
 * A text and which of its characters a template wrote itself: text between its tags and string
 * literals. All others came from a variable or were computed (numbers, printed lists, JSON), and
 * must not be read as part of a control token. Immutable.
 */
public final class TemplateText implements TextWithLiterals {
  private final String text;
  private final int[] literals;

  TemplateText(String text, int[] literals) {
    this.text = text;
    this.literals = literals;
  }

  /** A text that counts as written by a template. */
  public static TemplateText literal(String text) {
    return new TemplateText(text, text.isEmpty() ? new int[0] : new int[] {0, text.length()});
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public int[] literals() {
    return literals.clone();
  }

  @Override
  public String toString() {
    return text;
  }
}
