package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.PythonText;

/** The source of a template and how far it has been read. */
final class SourceReader {
  private final String text;
  private int position;
  private int line = 1;
  private boolean lineStarting = true;

  SourceReader(String source) {
    String normal = normalizeNewlines(source);
    this.text = normal.endsWith("\n") ? normal.substring(0, normal.length() - 1) : normal;
  }

  static String normalizeNewlines(String text) {
    return text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n").replace('\r', '\n');
  }

  /** The source with newlines normalized and without the one at its end. */
  String text() {
    return text;
  }

  int position() {
    return position;
  }

  /** Line of the position, from 1. */
  int line() {
    return line;
  }

  boolean atEnd() {
    return position >= text.length();
  }

  /** Whether only tags that leave no text precede the position on its line. */
  boolean isLineStarting() {
    return lineStarting;
  }

  /** Moves to {@code to} without counting lines. */
  void moveTo(int to) {
    position = to;
  }

  /** Moves to {@code to}, after the opening of a tag, so that it no longer starts a line. */
  void moveBehindTag(int to) {
    position = to;
    lineStarting = false;
  }

  /** Moves to {@code to} and counts the lines from {@code from} to there. */
  void advance(int from, int to) {
    countLines(from, to);
    lineStarting = text.charAt(to - 1) == '\n';
    position = to;
  }

  /** Counts the lines of a part of the source that has been read. */
  void countLines(int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) == '\n') {
        line++;
      }
    }
  }

  /** The index of the first character from {@code from} on that is not a space. */
  int skipSpace(int from) {
    int i = from;
    while (i < text.length() && PythonText.isSpace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  InvalidTemplateException error(String reason) {
    return new InvalidTemplateException(line, reason);
  }
}
