package io.nightshift.operators.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The filter {@code wordwrap}: lines of a width, each paragraph by itself. */
final class WordWrap {
  private static final String LETTER = "[\\w&&[^\\d]]";

  /** Cuts a line into words, blanks, dashes and, if asked, parts of hyphenated words. */
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
    String separator = bound.get(2, None.NONE) == None.NONE ? "\n" : bound.text(2);
    if (width <= 0) {
      throw EvaluationException.value("invalid width " + width + " (must be > 0)");
    }
    List<String> lines = new ArrayList<>();
    for (String paragraph : Splitting.lines(Values.requireText(value), false)) {
      lines.add(String.join(separator, wrap(paragraph, Numbers.clamp(width), style)));
    }
    String text = String.join(separator, lines);
    context.checkSize(text.length());
    return text;
  }

  private static List<String> wrap(String text, int width, Style style) {
    Deque<String> chunks = new ArrayDeque<>();
    Matcher piece = (style.atHyphens() ? HYPHENATED : SIMPLE).matcher(text);
    while (piece.find()) {
      chunks.add(piece.group());
    }
    List<String> lines = new ArrayList<>();
    while (!chunks.isEmpty()) {
      if (!lines.isEmpty() && isBlank(chunks.element())) {
        chunks.remove();
      }
      List<String> line = takeLine(chunks, width, style);
      if (!line.isEmpty() && isBlank(line.get(line.size() - 1))) {
        line.remove(line.size() - 1);
      }
      if (!line.isEmpty()) {
        lines.add(String.join("", line));
      }
    }
    return lines;
  }

  private static List<String> takeLine(Deque<String> chunks, int width, Style style) {
    List<String> line = new ArrayList<>();
    int used = 0;
    while (!chunks.isEmpty() && used + PythonText.length(chunks.element()) <= width) {
      used += PythonText.length(chunks.element());
      line.add(chunks.remove());
    }
    if (!chunks.isEmpty() && PythonText.length(chunks.element()) > width) {
      if (style.breakLong()) {
        String chunk = chunks.remove();
        int cut = cut(chunk, width - used, style);
        line.add(chunk.substring(0, cut));
        chunks.push(chunk.substring(cut));
      } else if (line.isEmpty()) {
        line.add(chunks.remove());
      }
    }
    return line;
  }

  /** Where to break a word that no line can hold: behind its last hyphen that fits, if any. */
  private static int cut(String chunk, int room, Style style) {
    int end = chunk.offsetByCodePoints(0, room);
    int hyphen = style.atHyphens() ? chunk.lastIndexOf('-', end - 1) : -1;
    boolean wordBefore = hyphen > 0 && chunk.chars().limit(hyphen).anyMatch(c -> c != '-');
    return wordBefore ? hyphen + 1 : end;
  }

  private static boolean isBlank(String chunk) {
    return PythonText.leftTrimmed(chunk) == chunk.length();
  }

  private record Style(boolean breakLong, boolean atHyphens) {}
}
