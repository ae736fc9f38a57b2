package io.nightshift.operators.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's ways to cut texts. */
final class Splitting {
  private Splitting() {}

  /** Cuts at a separator, at most {@code limit} times, counted from the left or the right. */
  static List<String> at(String text, String separator, int limit, boolean fromRight) {
    List<String> parts = new ArrayList<>();
    if (fromRight) {
      int end = text.length();
      while (parts.size() < limit) {
        int at = text.lastIndexOf(separator, end - separator.length());
        if (at < 0 || end < separator.length()) {
          break;
        }
        parts.add(text.substring(at + separator.length(), end));
        end = at;
      }
      parts.add(text.substring(0, end));
      Collections.reverse(parts);
      return parts;
    }
    int start = 0;
    while (parts.size() < limit) {
      int at = text.indexOf(separator, start);
      if (at < 0) {
        break;
      }
      parts.add(text.substring(start, at));
      start = at + separator.length();
    }
    parts.add(text.substring(start));
    return parts;
  }

  /** Cuts at runs of spaces; there are no empty parts. */
  static List<String> atSpaces(String text, int limit, boolean fromRight) {
    return fromRight ? atSpacesFromRight(text, limit) : atSpacesFromLeft(text, limit);
  }

  private static List<String> atSpacesFromLeft(String text, int limit) {
    List<String> parts = new ArrayList<>();
    int i = skipSpace(text, 0);
    while (i < text.length()) {
      if (parts.size() == limit) {
        parts.add(text.substring(i, PythonText.rightTrimmed(text, text.length())));
        break;
      }
      int end = i;
      while (end < text.length() && !PythonText.isSpace(text.charAt(end))) {
        end++;
      }
      parts.add(text.substring(i, end));
      i = skipSpace(text, end);
    }
    return parts;
  }

  private static List<String> atSpacesFromRight(String text, int limit) {
    List<String> parts = new ArrayList<>();
    int end = PythonText.rightTrimmed(text, text.length());
    while (end > 0) {
      if (parts.size() == limit) {
        parts.add(text.substring(skipSpace(text, 0), end));
        break;
      }
      int start = end;
      while (start > 0 && !PythonText.isSpace(text.charAt(start - 1))) {
        start--;
      }
      parts.add(text.substring(start, end));
      end = PythonText.rightTrimmed(text, start);
    }
    Collections.reverse(parts);
    return parts;
  }

  private static int skipSpace(String text, int from) {
    int i = from;
    while (i < text.length() && PythonText.isSpace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /** Cuts at line ends, of which Python knows more than newline and carriage return. */
  static List<String> lines(String text, boolean keepEnds) {
    List<String> lines = new ArrayList<>();
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
      lines.add(text.substring(start, keepEnds ? next : end));
      start = next;
    }
    return lines;
  }

  private static boolean isLineEnd(char c) {
    return (c >= '\n' && c <= '\r')
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  /** Replaces the first {@code count} occurrences, all where that is negative. */
  static String replace(
      RenderContext context, String text, String old, String replacement, long count) {
    if (count == 0 || (!old.isEmpty() && !text.contains(old))) {
      return text;
    }
    long most = count < 0 ? Long.MAX_VALUE : count;
    StringBuilder out = new StringBuilder(text.length());
    int start = 0;
    if (old.isEmpty()) {
      for (long done = 0; done < most; done++) {
        out.append(replacement);
        context.checkSize(out.length());
        if (start == text.length()) {
          return out.toString();
        }
        int c = text.codePointAt(start);
        out.appendCodePoint(c);
        start += Character.charCount(c);
      }
    } else {
      int at = text.indexOf(old);
      for (long done = 0; at >= 0 && done < most; done++) {
        out.append(text, start, at).append(replacement);
        context.checkSize(out.length());
        start = at + old.length();
        at = text.indexOf(old, start);
      }
    }
    return out.append(text, start, text.length()).toString();
  }
}
