package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.None;
import io.nightshift.operators.jinja.runtime.Numbers;
import io.nightshift.operators.jinja.runtime.PythonText;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.TextBuilder;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The filter {@code wordwrap}: lines of a width, each paragraph by itself. */
final class WordWrap {
  private static final String LETTER = "[\\w&&[^\\d]]";

  /** Splits a line into words, spaces, dashes and, if asked, parts of hyphenated words. */
  private static final Pattern HYPHENATED =
      Pattern.compile(
          "[\\t\\n\\x0b\\x0c\\r ]+|(?<=[\\w!\"'&.,?])-{2,}(?=\\w)"
              + "|[^\\t\\n\\x0b\\x0c\\r ](?:[^\\t\\n\\x0b\\x0c\\r ]*?(?:-(?:(?<="
              + LETTER
              + "{2}-)|(?<="
              + LETTER
              + "-"
              + LETTER
              + "-))(?="
              + LETTER
              + "-?"
              + LETTER
              + ")|(?=[\\t\\n\\x0b\\x0c\\r ]|\\z)|(?<=[\\w!\"'&.,?])(?=-{2,}\\w)))",
          Pattern.UNICODE_CHARACTER_CLASS);

  private static final Pattern SIMPLE =
      Pattern.compile("[\\t\\n\\x0b\\x0c\\r ]+|[^\\t\\n\\x0b\\x0c\\r ]+");

  private WordWrap() {}

  static Object filter(RenderContext context, Object value, Arguments arguments) {
    Arguments.Bound bound =
        arguments.bind(
            "wordwrap", 0, "width", "break_long_words", "wrapstring", "break_on_hyphens");
    long width = bound.integer(0, 79);
    Style style = new Style(bound.isTrue(1, true), bound.isTrue(3, true));
    Object separator =
        bound.get(2, None.NONE) == None.NONE ? "\n" : Values.requireTextValue(bound.get(2));
    if (width <= 0) {
      throw EvaluationException.value("invalid width " + width + " (must be > 0)");
    }
    Object source = Values.requireTextValue(value);
    TextBuilder out = new TextBuilder(context);
    boolean begin = true;
    for (Object paragraph : Splitting.lines(context, source, false)) {
      out.appendText(begin ? "" : separator);
      begin = false;
      Words words = new Words(context, Values.text(paragraph), style);
      boolean first = true;
      while (words.hasNext()) {
        words.takeLine(Numbers.clamp(width), first);
        if (words.lineEnd > words.lineStart) {
          out.appendText(first ? "" : separator);
          out.appendText(paragraph, words.lineStart, words.lineEnd);
          first = false;
        }
      }
    }
    return out.build();
  }

  private record Style(boolean breakLong, boolean atHyphens) {}

  /** The words, spaces and dashes of a paragraph that are not in a line yet. */
  private static final class Words {
    private final RenderContext context;
    private final Style style;
    private final String text;
    private final Matcher pieces;

    /** Start and end of the next piece, or of the rest of it; -1 after the last one. */
    private int start;

    private int end;

    /** Length of that in code points. */
    private int length;

    /** Start and end of the last line that was taken. */
    private int lineStart;

    private int lineEnd;

    Words(RenderContext context, String text, Style style) {
      this.context = context;
      this.style = style;
      this.text = text;
      this.pieces = (style.atHyphens() ? HYPHENATED : SIMPLE).matcher(text);
      advance();
    }

    boolean hasNext() {
      return start >= 0;
    }

    private void advance() {
      context.step();
      boolean found = pieces.find();
      start = found ? pieces.start() : -1;
      end = found ? pieces.end() : -1;
      length = found ? text.codePointCount(start, end) : 0;
    }

    /** Finds the next line, which is empty if only spaces remain. */
    void takeLine(int width, boolean isFirst) {
      if (!isFirst && isBlank(start, end)) {
        advance();
      }
      lineStart = start;
      lineEnd = start;
      int lastStart = start;
      int used = 0;
      while (hasNext() && used + length <= width) {
        used += length;
        lastStart = start;
        lineEnd = end;
        advance();
      }
      if (hasNext() && length > width) {
        if (style.breakLong()) {
          int cut = cut(width - used);
          lastStart = start;
          lineEnd = cut;
          length -= text.codePointCount(start, cut);
          start = cut;
        } else if (lineEnd == lineStart) {
          lineEnd = end;
          advance();
        }
      }
      lineEnd = isBlank(lastStart, lineEnd) ? lastStart : lineEnd;
    }

    /** Where to break a word that no line can hold: after its last hyphen that fits, if any. */
    private int cut(int room) {
      int full = text.offsetByCodePoints(start, room);
      int hyphen = full - 1;
      while (style.atHyphens() && hyphen > start && text.charAt(hyphen) != '-') {
        hyphen--;
      }
      boolean wordBefore =
          style.atHyphens()
              && hyphen > start
              && text.substring(start, hyphen).chars().anyMatch(c -> c != '-');
      return wordBefore ? hyphen + 1 : full;
    }

    private boolean isBlank(int from, int to) {
      for (int i = from; i < to; i++) {
        if (!PythonText.isSpace(text.charAt(i))) {
          return false;
        }
      }
      return true;
    }
  }
}
