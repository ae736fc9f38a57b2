package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.BoundMethod;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Markup;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.TextBuilder;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.Map;

/** The methods of Python's {@code str} that pad a text to a width. */
final class StringPaddingMethods {
  private StringPaddingMethods() {}

  static Map<String, BoundMethod.Body> all() {
    return Map.ofEntries(
        Map.entry("ljust", (c, s, a) -> pad(c, s, a, 'l')),
        Map.entry("rjust", (c, s, a) -> pad(c, s, a, 'r')),
        Map.entry("center", (c, s, a) -> pad(c, s, a, 'c')),
        Map.entry("zfill", StringPaddingMethods::zeroFill),
        Map.entry("expandtabs", StringPaddingMethods::expandTabs));
  }

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
          // If the padding is uneven, Python's center looks at the width to place the rest.
          default -> missing / 2 + (missing & width & 1);
        };
    return new TextBuilder(context)
        .repeat(fill, left)
        .appendText(text)
        .repeat(fill, missing - left)
        .build();
  }

  private static Object pad(
      RenderContext context, Object self, Arguments arguments, char direction) {
    Arguments.Bound bound = arguments.bindPositional("justify", 1, "width", "fillchar");
    Object fill = bound.has(1) ? Values.requireTextValue(bound.get(1)) : " ";
    if (Values.length(fill) != 1) {
      throw EvaluationException.type("The fill character must be exactly one character long");
    }
    return Markup.like(self, pad(context, self, bound.integer(0, 0), fill, direction));
  }

  private static Object zeroFill(RenderContext context, Object self, Arguments arguments) {
    long width = arguments.bindPositional("zfill", 1, "width").integer(0, 0);
    String text = Values.text(self);
    int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    return Markup.like(
        self,
        new TextBuilder(context)
            .appendText(self, 0, sign)
            .repeat("0", width - Values.length(self))
            .appendText(self, sign, text.length())
            .build());
  }

  private static Object expandTabs(RenderContext context, Object self, Arguments arguments) {
    long size = arguments.bind("expandtabs", 0, "tabsize").integer(0, 8);
    if (size != (int) size) {
      throw EvaluationException.value("Python int too large to convert to C int");
    }
    String text = Values.text(self);
    TextBuilder out = new TextBuilder(context);
    long column = 0;
    int next;
    for (int i = 0; i < text.length(); i = next) {
      int c = text.codePointAt(i);
      next = i + Character.charCount(c);
      if (c == '\t') {
        long spaces = size > 0 ? size - column % size : 0;
        out.repeat(" ", spaces);
        column += spaces;
      } else {
        out.appendText(self, i, next);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
      }
    }
    return Markup.like(self, out.build());
  }
}
