package io.nightshift.operators.jinja.runtime;

import java.util.Arrays;

/**
 * Builds a text of parts that keep their origin (see {@link TrackedText}), within the rendering's
 * budget.
 */
public final class TextBuilder {
  private static final int[] NO_RANGES = {};

  private final Budget budget;
  private final StringBuilder characters = new StringBuilder();
  private int[] literals = NO_RANGES;
  private int used;

  public TextBuilder(RenderContext context) {
    this.budget = context.budget();
  }

  public int length() {
    return characters.length();
  }

  /** Adds a text of any kind, which keeps its origin. */
  public TextBuilder appendText(Object text) {
    return text instanceof String plain
        ? append(plain)
        : appendText(text, 0, Values.text(text).length());
  }

  /** Adds a part of a text, which keeps its origin; indexes count UTF-16 units. */
  public TextBuilder appendText(Object text, int from, int to) {
    Object content = Values.content(text);
    budget.characters(to - from);
    if (content instanceof TrackedText template) {
      int shift = characters.length();
      for (int bound : template.literalsBetween(from, to)) {
        addBound(shift + bound);
      }
    }
    characters.append(Values.text(content), from, to);
    return this;
  }

  /** Adds characters that no template wrote. */
  public TextBuilder append(String computed) {
    budget.characters(computed.length());
    characters.append(computed);
    return this;
  }

  /** Adds a character that no template wrote. */
  public TextBuilder append(char computed) {
    budget.characters(1);
    characters.append(computed);
    return this;
  }

  /** Adds a code point that no template wrote. */
  TextBuilder appendCodePoint(int computed) {
    budget.characters(Character.charCount(computed));
    characters.appendCodePoint(computed);
    return this;
  }

  /** Adds a text several times. */
  public TextBuilder repeat(Object text, long times) {
    int length = Values.text(text).length();
    if (length == 0 || times <= 0) {
      return this;
    }
    Object content = Values.content(text);
    if (content instanceof String || ((TrackedText) content).isLiteral()) {
      budget.characters(Math.min(times, Integer.MAX_VALUE) * length);
      if (content instanceof TrackedText) {
        addBound(characters.length());
        addBound(characters.length() + (int) times * length);
      }
      characters.append(Values.text(content).repeat((int) times));
      return this;
    }
    for (long i = 0; i < times; i++) {
      appendText(text);
    }
    return this;
  }

  /** The text: a String or a TrackedText. */
  public Object build() {
    budget.objects(1);
    return TrackedText.value(characters.toString(), ranges());
  }

  /** The text, whatever its origin. */
  public TrackedText buildOutput() {
    return new TrackedText(characters.toString(), ranges());
  }

  private int[] ranges() {
    return used == 0 ? NO_RANGES : Arrays.copyOf(literals, used);
  }

  /** Adds a start or an end; a start that equals the last end continues that range. */
  private void addBound(int bound) {
    boolean isStart = used % 2 == 0;
    if (isStart && used > 0 && literals[used - 1] == bound) {
      used--;
      return;
    }
    if (used == literals.length) {
      literals = Arrays.copyOf(literals, Math.max(8, 2 * used));
    }
    literals[used++] = bound;
  }
}
