package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.TextBuilder;
import io.nightshift.operators.jinja.runtime.Values;

/** Pads texts to a width. */
final class Padding {
  private Padding() {}

  /**
   * Pads to a width: {@code direction} is l, r or c for text at the left, right or centre.
   *
   * @return a String or TrackedText
   */
  static Object pad(RenderContext context, Object text, long width, Object fill, char direction) {
    long missing = width - Values.length(text);
    if (missing <= 0) {
      return Values.content(text);
    }
    long left =
        switch (direction) {
          case 'l' -> 0;
          case 'r' -> missing;
          // Where the padding is uneven, Python's center looks at the width to place the rest.
          default -> missing / 2 + (missing & width & 1);
        };
    return new TextBuilder(context)
        .repeat(fill, left)
        .appendText(text)
        .repeat(fill, missing - left)
        .build();
  }
}
