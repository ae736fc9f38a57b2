package io.nightshift.operators.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The filter {@code wordwrap}: lines of a width, each paragraph by itself. */
final class WordWrap {
  private static final String LETTER = "[\\w&&[^\\d_]]";

  /** Cuts a line into words, blanks, dashes and, if asked, parts of hyphenated words. */
  private static final Pattern HYPHENATED =
      Pattern.compile(
          "[\\t\\n\\x0b\\x0c\\r ]+|(?<=[\\w!\"'&.,?])-{2,}(?=\\w)"
              + "|[^\\t\\n\\x0b\\x0c\\r ](?:[^\\t\\n\\x0b\\x0c\\r ]*?(?:-(?:(?<=" + LETTER
              + "{2}-)|(?<=" + LETTER + "-" + LETTER + "-))(?=" + LETTER + "-?" + LETTER
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
    boolean breakLong = bound.isTrue(1, true);
    String separator = bound.get(2, None.NONE) == None.NONE ? "\n" : bound.text(2);
    Pattern pieces = bound.isTrue(3, true) ? HYPHENATED : SIMPLE;
    if (width <= 0) {
      throw EvaluationException.value("invalid width " + width + " (must be > 0)");
    }
    List<String> lines = new ArrayList<>();
    for (String paragraph : Splitting.lines(Values.requireText(value), false)) {
      lines.add(
          String.join(separator, wrap(paragraph, Numbers.clamp(width), breakLong, pieces)));
    }
    String text = String.join(separator, lines);
    context.checkSize(text.length());
    return text;
  }

  private static List<String> wrap(String text, int width, boolean breakLong, Pattern pieces) {
    Deque<String> chunks = new ArrayDeque<>();
    Matcher piece = pieces.matcher(text);
    while (piece.find()) {
      chunks.add(piece.group());
    }
    List<String> lines = new ArrayList<>();
    while (!chunks.isEmpty()) {
      if (!lines.isEmpty() && chunks.element().isBlank()) {
        chunks.remove();
      }
      String line = takeLine(chunks, width, breakLong);
      int end = line.length();
      while (end > 0 && " \t\n\u000b\f\r".indexOf(line.charAt(end - 1)) >= 0) {
        end--;
      }
      if (!line.isBlank()) {
        lines.add(line.substring(0, lastChunkBlank(line) ? end : line.length()));
      }
    }
    return lines;
  }

  private static boolean lastChunkBlank(String line) {
    return !line.isEmpty() && " \t\n\u000b\f\r".indexOf(line.charAt(line.length() - 1)) >= 0;
  }

  private static String takeLine(Deque<String> chunks, int width, boolean breakLong) {
    StringBuilder line = new StringBuilder();
    int used = 0;
    while (!chunks.isEmpty() && used + PythonText.length(chunks.element()) <= width) {
      used += PythonText.length(chunks.element());
      line.append(chunks.remove());
    }
    if (!chunks.isEmpty() && PythonText.length(chunks.element()) > width) {
      if (breakLong) {
        String chunk = chunks.remove();
        int cut = chunk.offsetByCodePoints(0, Math.max(1, width - used));
        line.append(chunk, 0, cut);
        chunks.push(chunk.substring(cut));
      } else if (line.isEmpty()) {
        line.append(chunks.remove());
      }
    }
    return line.toString();
  }
}
