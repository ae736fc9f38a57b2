package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.PythonText;
import io.nightshift.operators.jinja.runtime.Quoting;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Cuts a template into tokens, one at a time, with {@code trim_blocks} (the newline behind a block
 * tag goes) and {@code lstrip_blocks} (blanks before a block tag that begins its line go).
 */
final class Lexer {
  private static final Map<String, TokenType> OPERATORS = operators();

  private final String source;
  private final Deque<Token> ready = new ArrayDeque<>();
  private final Deque<Character> open = new ArrayDeque<>();
  private int position;
  private int line = 1;
  private boolean lineStarting = true;
  private boolean inTag;
  private boolean inBlock;

  Lexer(String source) {
    String normal = normalizeNewlines(source);
    this.source = normal.endsWith("\n") ? normal.substring(0, normal.length() - 1) : normal;
  }

  /** The next token; {@link TokenType#EOF} again and again at the end. */
  Token next() {
    while (ready.isEmpty()) {
      if (position >= source.length()) {
        return new Token(line, TokenType.EOF, "", "");
      }
      if (inTag) {
        lexTag();
      } else {
        lexText();
      }
    }
    return ready.remove();
  }

  static String normalizeNewlines(String text) {
    return text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n").replace('\r', '\n');
  }

  private void lexText() {
    int tag = findTag(position);
    if (tag < 0) {
      emit(TokenType.DATA, source.substring(position));
      position = source.length();
      return;
    }
    char kind = source.charAt(tag + 1);
    int rawEnd = kind == '%' ? rawBegin(tag) : -1;
    char sign = signAt(tag + 2);
    data(tag, sign, kind != '{');
    position = rawEnd >= 0 ? rawEnd : tag + (sign == 0 ? 2 : 3);
    if (rawEnd >= 0) {
      line += newlines(source, tag, rawEnd);
      lineStarting = source.charAt(rawEnd - 1) == '\n';
      lexRaw();
    } else if (kind == '#') {
      lineStarting = false;
      lexComment();
    } else {
      lineStarting = false;
      inTag = true;
      inBlock = kind == '%';
      TokenType type = inBlock ? TokenType.BLOCK_BEGIN : TokenType.VARIABLE_BEGIN;
      ready.add(new Token(line, type, "", ""));
    }
  }

  /** Emits the text before a tag at {@code end}, stripped as the tag's sign asks. */
  private void data(int end, char sign, boolean lstrip) {
    String text = source.substring(position, end);
    String kept = text;
    if (sign == '-') {
      kept = text.substring(0, PythonText.rightTrimmed(text, text.length()));
    } else if (sign != '+' && lstrip) {
      int lineStart = text.lastIndexOf('\n') + 1;
      if ((lineStart > 0 || lineStarting)
          && PythonText.rightTrimmed(text, text.length()) <= lineStart) {
        kept = text.substring(0, lineStart);
      }
    }
    if (!kept.isEmpty()) {
      ready.add(new Token(line, TokenType.DATA, kept, kept));
    }
    line += newlines(text, 0, text.length());
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
    i = skipSpace(i);
    if (!source.startsWith("raw", i)) {
      return -1;
    }
    i = skipSpace(i + 3);
    if (source.startsWith("-%}", i)) {
      return skipSpace(i + 3);
    }
    return source.startsWith("%}", i) ? i + 2 : -1;
  }

  private void lexRaw() {
    for (int tag = source.indexOf("{%", position); tag >= 0; tag = source.indexOf("{%", tag + 1)) {
      char sign = signAt(tag + 2);
      int i = skipSpace(tag + (sign == 0 ? 2 : 3));
      if (source.startsWith("endraw", i)) {
        int end = blockEnd(skipSpace(i + 6));
        if (end >= 0) {
          data(tag, sign, true);
          advance(tag, end);
          return;
        }
      }
    }
    throw error("Missing end of raw directive");
  }

  private void lexComment() {
    int end = source.indexOf("#}", position);
    if (end < 0) {
      throw error("Missing end of comment tag");
    }
    int after = end + 2;
    char sign = end > position ? source.charAt(end - 1) : 0;
    if (sign == '-') {
      after = skipSpace(after);
    } else if (sign != '+' && source.startsWith("\n", after)) {
      after++;
    }
    advance(position, after);
  }

  private void advance(int from, int to) {
    line += newlines(source, from, to);
    lineStarting = source.charAt(to - 1) == '\n';
    position = to;
  }

  /** The end of a block's closing tag at {@code i}, with what it strips; -1 where there is none. */
  private int blockEnd(int i) {
    if (source.startsWith("-%}", i)) {
      return skipSpace(i + 3);
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
      return skipSpace(i + 3);
    }
    return source.startsWith("}}", i) ? i + 2 : -1;
  }

  private void lexTag() {
    if (open.isEmpty()) {
      int end = inBlock ? blockEnd(position) : variableEnd(position);
      if (end >= 0) {
        ready.add(new Token(line, inBlock ? TokenType.BLOCK_END : TokenType.VARIABLE_END, "", ""));
        inTag = false;
        advance(position, end);
        return;
      }
    }
    int space = skipSpace(position);
    if (space > position) {
      advance(position, space);
      return;
    }
    int c = source.codePointAt(position);
    if (c >= '0' && c <= '9') {
      lexNumber();
    } else if (c == '\'' || c == '"') {
      lexString((char) c);
    } else if (PythonText.isWord(c)) {
      lexName();
    } else {
      lexOperator();
    }
  }

  private void lexNumber() {
    boolean behindDot = position > 0 && source.charAt(position - 1) == '.';
    NumberLiteral number = NumberLiteral.read(source, position, !behindDot);
    TokenType type = number.value() instanceof Double ? TokenType.FLOAT : TokenType.INTEGER;
    ready.add(new Token(line, type, source.substring(position, number.end()), number.value()));
    position = number.end();
  }

  private void lexString(char quote) {
    int end = position + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw unexpectedCharacter();
    }
    String text = source.substring(position + 1, end);
    try {
      ready.add(new Token(line, TokenType.STRING, text, StringLiteral.unescape(text)));
    } catch (IllegalArgumentException e) {
      throw error(String.valueOf(e.getMessage()));
    }
    advance(position, end + 1);
  }

  private void lexName() {
    int end = position;
    while (end < source.length() && PythonText.isWord(source.codePointAt(end))) {
      end += Character.charCount(source.codePointAt(end));
    }
    String name = source.substring(position, end);
    if (!PythonText.isIdentifier(name)) {
      throw error("Invalid character in identifier");
    }
    emit(TokenType.NAME, name);
    position = end;
  }

  private void lexOperator() {
    for (int length = 2; length >= 1; length--) {
      if (position + length <= source.length()) {
        String text = source.substring(position, position + length);
        TokenType type = OPERATORS.get(text);
        if (type != null) {
          balance(text);
          emit(type, text);
          position += length;
          return;
        }
      }
    }
    throw unexpectedCharacter();
  }

  private void balance(String operator) {
    switch (operator) {
      case "{" -> open.push('}');
      case "(" -> open.push(')');
      case "[" -> open.push(']');
      case "}", ")", "]" -> {
        if (open.isEmpty()) {
          throw error("unexpected '" + operator + "'");
        }
        char expected = open.pop();
        if (expected != operator.charAt(0)) {
          throw error("unexpected '" + operator + "', expected '" + expected + "'");
        }
      }
      default -> {}
    }
  }

  private void emit(TokenType type, String text) {
    ready.add(new Token(line, type, text, text));
  }

  private int skipSpace(int from) {
    int i = from;
    while (i < source.length() && PythonText.isSpace(source.charAt(i))) {
      i++;
    }
    return i;
  }

  private InvalidTemplateException unexpectedCharacter() {
    String c = Character.toString(source.codePointAt(position));
    return error("unexpected char " + Quoting.quote(c) + " at " + position);
  }

  private InvalidTemplateException error(String reason) {
    return new InvalidTemplateException(line, reason);
  }

  private static int newlines(String text, int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      if (text.charAt(i) == '\n') {
        count++;
      }
    }
    return count;
  }

  private static Map<String, TokenType> operators() {
    return EnumSet.range(TokenType.ADD, TokenType.SEMICOLON).stream()
        .collect(Collectors.toUnmodifiableMap(TokenType::description, Function.identity()));
  }
}
