package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.PythonText;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Splits a template into tokens, one at a time, with {@code trim_blocks} (the newline after a block
 * tag is removed) and {@code lstrip_blocks} (spaces before a block tag at the start of a line are
 * removed).
 */
final class Lexer {
  private final SourceReader reader;
  private final String source;
  private final TagLexer tags;
  private final Deque<Token> ready = new ArrayDeque<>();
  private boolean inTag;
  private boolean inBlock;

  Lexer(String template) {
    this.reader = new SourceReader(template);
    this.source = reader.text();
    this.tags = new TagLexer(reader);
  }

  /** The next token; {@link TokenType#EOF} repeatedly at the end. */
  Token next() {
    while (ready.isEmpty()) {
      if (reader.atEnd()) {
        return new Token(reader.line(), TokenType.EOF, "", "");
      }
      if (inTag) {
        lexTag();
      } else {
        lexText();
      }
    }
    return ready.remove();
  }

  private void lexText() {
    int tag = findTag(reader.position());
    if (tag < 0) {
      String text = source.substring(reader.position());
      ready.add(new Token(reader.line(), TokenType.DATA, text, text));
      reader.moveTo(source.length());
      return;
    }
    char kind = source.charAt(tag + 1);
    int rawEnd = kind == '%' ? rawBegin(tag) : -1;
    char sign = signAt(tag + 2);
    data(tag, sign, kind != '{');
    if (rawEnd >= 0) {
      reader.advance(tag, rawEnd);
      lexRaw();
      return;
    }
    reader.moveBehindTag(tag + (sign == 0 ? 2 : 3));
    if (kind == '#') {
      lexComment();
    } else {
      inTag = true;
      inBlock = kind == '%';
      TokenType type = inBlock ? TokenType.BLOCK_BEGIN : TokenType.VARIABLE_BEGIN;
      ready.add(new Token(reader.line(), type, "", ""));
    }
  }

  /** Emits the text before a tag at {@code end}, stripped as the tag's sign asks. */
  private void data(int end, char sign, boolean lstrip) {
    String text = source.substring(reader.position(), end);
    String kept = text;
    if (sign == '-') {
      kept = text.substring(0, PythonText.rightTrimmed(text, text.length()));
    } else if (sign != '+' && lstrip) {
      int lineStart = text.lastIndexOf('\n') + 1;
      if ((lineStart > 0 || reader.isLineStarting())
          && PythonText.rightTrimmed(text, text.length()) <= lineStart) {
        kept = text.substring(0, lineStart);
      }
    }
    if (!kept.isEmpty()) {
      ready.add(new Token(reader.line(), TokenType.DATA, kept, kept));
    }
    reader.countLines(reader.position(), end);
  }

  private int findTag(int from) {
    for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private char signAt(int index) {
    if (index < source.length()) {
      char c = source.charAt(index);
      return c == '-' || c == '+' ? c : 0;
    }
    return 0;
  }

  /** The end of a <code>{% raw %}</code> tag that begins at {@code tag}, or -1. */
  private int rawBegin(int tag) {
    int i = tag + 2 + (signAt(tag + 2) == 0 ? 0 : 1);
    i = reader.skipSpace(i);
    if (!source.startsWith("raw", i)) {
      return -1;
    }
    i = reader.skipSpace(i + 3);
    if (source.startsWith("-%}", i)) {
      return reader.skipSpace(i + 3);
    }
    return source.startsWith("%}", i) ? i + 2 : -1;
  }

  private void lexRaw() {
    for (int tag = source.indexOf("{%", reader.position());
        tag >= 0;
        tag = source.indexOf("{%", tag + 1)) {
      char sign = signAt(tag + 2);
      int i = reader.skipSpace(tag + (sign == 0 ? 2 : 3));
      if (source.startsWith("endraw", i)) {
        int end = blockEnd(reader.skipSpace(i + 6));
        if (end >= 0) {
          data(tag, sign, true);
          reader.advance(tag, end);
          return;
        }
      }
    }
    throw reader.error("Missing end of raw directive");
  }

  private void lexComment() {
    int position = reader.position();
    int end = source.indexOf("#}", position);
    if (end < 0) {
      throw reader.error("Missing end of comment tag");
    }
    int after = end + 2;
    char sign = end > position ? source.charAt(end - 1) : 0;
    if (sign == '-') {
      after = reader.skipSpace(after);
    } else if (sign != '+' && source.startsWith("\n", after)) {
      after++;
    }
    reader.advance(position, after);
  }

  /** The end of a block's closing tag at {@code i}, with what it strips; -1 if there is none. */
  private int blockEnd(int i) {
    if (source.startsWith("-%}", i)) {
      return reader.skipSpace(i + 3);
    }
    if (source.startsWith("+%}", i)) {
      return i + 3;
    }
    if (source.startsWith("%}", i)) {
      return source.startsWith("\n", i + 2) ? i + 3 : i + 2;
    }
    return -1;
  }

  private int variableEnd(int i) {
    if (source.startsWith("-}}", i)) {
      return reader.skipSpace(i + 3);
    }
    return source.startsWith("}}", i) ? i + 2 : -1;
  }

  private void lexTag() {
    int position = reader.position();
    if (tags.isBalanced()) {
      int end = inBlock ? blockEnd(position) : variableEnd(position);
      if (end >= 0) {
        ready.add(
            new Token(
                reader.line(), inBlock ? TokenType.BLOCK_END : TokenType.VARIABLE_END, "", ""));
        inTag = false;
        reader.advance(position, end);
        return;
      }
    }
    int space = reader.skipSpace(position);
    if (space > position) {
      reader.advance(position, space);
      return;
    }
    ready.add(tags.next());
  }
}
