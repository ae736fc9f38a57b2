package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Markup;
import io.nightshift.operators.jinja.runtime.PythonText;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.TextBuilder;
import io.nightshift.operators.jinja.runtime.TextSearch;
import io.nightshift.operators.jinja.runtime.TrackedText;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's ways to split a text; the parts are of the text's kind and keep their origin. */
final class Splitting {
  private final RenderContext context;
  private final Object source;
  private final String text;
  private final List<Object> parts = new ArrayList<>();

  private Splitting(RenderContext context, Object source) {
    this.context = context;
    this.source = source;
    this.text = Values.text(source);
    context.budget().list(0);
  }

  /** Splits at a separator, at most {@code limit} times, counted from the left or the right. */
  static List<Object> at(
      RenderContext context, Object text, String separator, int limit, boolean fromRight) {
    Splitting splitting = new Splitting(context, text);
    if (fromRight) {
      splitting.atFromRight(separator, limit);
    } else {
      splitting.atFromLeft(separator, limit);
    }
    return splitting.parts;
  }

  /** Splits at runs of spaces; there are no empty parts. */
  static List<Object> atSpaces(RenderContext context, Object text, int limit, boolean fromRight) {
    Splitting splitting = new Splitting(context, text);
    if (fromRight) {
      splitting.atSpacesFromRight(limit);
    } else {
      splitting.atSpacesFromLeft(limit);
    }
    return splitting.parts;
  }

  /** Splits at line ends, of which Python knows more than newline and carriage return. */
  static List<Object> lines(RenderContext context, Object text, boolean keepEnds) {
    Splitting splitting = new Splitting(context, text);
    splitting.atLineEnds(keepEnds);
    return splitting.parts;
  }

  /** A part of a text, of the text's kind. */
  static Object part(RenderContext context, Object source, int from, int to) {
    context.budget().objects(1);
    context.budget().characters(to - from);
    return Markup.like(source, TrackedText.substring(Values.content(source), from, to));
  }

  private void add(int from, int to) {
    context.budget().elements(1);
    parts.add(part(context, source, from, to));
  }

  private void atFromLeft(String separator, int limit) {
    TextSearch search = TextSearch.forward(separator);
    int start = 0;
    while (parts.size() < limit) {
      int at = search.in(text, start);
      if (at < 0) {
        break;
      }
      add(start, at);
      start = at + separator.length();
    }
    add(start, text.length());
  }

  private void atFromRight(String separator, int limit) {
    TextSearch search = TextSearch.backward(separator);
    int end = text.length();
    while (parts.size() < limit) {
      int at = search.before(text, end);
      if (at < 0) {
        break;
      }
      add(at + separator.length(), end);
      end = at;
    }
    add(0, end);
    Collections.reverse(parts);
  }

  private void atSpacesFromLeft(int limit) {
    int i = skipSpace(0);
    while (i < text.length()) {
      if (parts.size() == limit) {
        add(i, PythonText.rightTrimmed(text, text.length()));
        break;
      }
      int end = i;
      while (end < text.length() && !PythonText.isSpace(text.charAt(end))) {
        end++;
      }
      add(i, end);
      i = skipSpace(end);
    }
  }

  private void atSpacesFromRight(int limit) {
    int end = PythonText.rightTrimmed(text, text.length());
    while (end > 0) {
      if (parts.size() == limit) {
        add(skipSpace(0), end);
        break;
      }
      int start = end;
      while (start > 0 && !PythonText.isSpace(text.charAt(start - 1))) {
        start--;
      }
      add(start, end);
      end = PythonText.rightTrimmed(text, start);
    }
    Collections.reverse(parts);
  }

  private int skipSpace(int from) {
    int i = from;
    while (i < text.length() && PythonText.isSpace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private void atLineEnds(boolean keepEnds) {
    int start = 0;
    while (start < text.length()) {
      int end = start;
      while (end < text.length() && !isLineEnd(text.charAt(end))) {
        end++;
      }
      int next = end < text.length() ? end + 1 : end;
      if (text.startsWith("\r\n", end)) {
        next++;
      }
      add(start, keepEnds ? next : end);
      start = next;
    }
  }

  private static boolean isLineEnd(char c) {
    return (c >= '\n' && c <= '\r')
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  /** Replaces the first {@code count} occurrences, or all if that is negative. */
  static Object replace(
      RenderContext context, Object source, String old, Object replacement, long count) {
    String text = Values.text(source);
    TextSearch search = TextSearch.forward(old);
    int at = search.in(text, 0);
    if (count == 0 || at < 0) {
      return Values.content(source);
    }
    long most = count < 0 ? Long.MAX_VALUE : count;
    TextBuilder out = new TextBuilder(context);
    int start = 0;
    for (long done = 0; at >= 0 && done < most; done++) {
      out.appendText(source, start, at).appendText(replacement);
      start = at + old.length();
      if (old.isEmpty()) {
        // An empty text occurs before each character and at the end.
        at = start < text.length() ? start + Character.charCount(text.codePointAt(start)) : -1;
      } else {
        at = search.in(text, start);
      }
    }
    return out.appendText(source, start, text.length()).build();
  }
}
