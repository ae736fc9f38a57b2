package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.PythonText;
import io.nightshift.operators.jinja.runtime.Quoting;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the tokens inside of tags: numbers, strings, names and operators. */
final class TagLexer {
  private static final Map<String, TokenType> OPERATORS = operators();

  private final SourceReader reader;
  private final String source;

  /** The closing brackets that are still to come, the innermost first. */
  private final Deque<Character> open = new ArrayDeque<>();

  TagLexer(SourceReader reader) {
    this.reader = reader;
    this.source = reader.text();
  }

  /** Whether no bracket is open, so that the tag may end. */
  boolean isBalanced() {
    return open.isEmpty();
  }

  /** Reads the token at the reader's position, which is not at a space. */
  Token next() {
    int c = source.codePointAt(reader.position());
    if (c >= '0' && c <= '9') {
      return number();
    }
    if (c == '\'' || c == '"') {
      return string((char) c);
    }
    return PythonText.isWord(c) ? name() : operator();
  }

  private Token number() {
    int position = reader.position();
    boolean behindDot = position > 0 && source.charAt(position - 1) == '.';
    NumberLiteral number = NumberLiteral.read(source, position, !behindDot);
    TokenType type = number.value() instanceof Double ? TokenType.FLOAT : TokenType.INTEGER;
    reader.moveTo(number.end());
    return new Token(reader.line(), type, source.substring(position, number.end()), number.value());
  }

  private Token string(char quote) {
    int position = reader.position();
    int end = position + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw unexpectedCharacter();
    }
    String text = source.substring(position + 1, end);
    try {
      Token token = new Token(reader.line(), TokenType.STRING, text, StringLiteral.unescape(text));
      reader.advance(position, end + 1);
      return token;
    } catch (IllegalArgumentException e) {
      throw reader.error(String.valueOf(e.getMessage()));
    }
  }

  private Token name() {
    int position = reader.position();
    int end = position;
    while (end < source.length() && PythonText.isWord(source.codePointAt(end))) {
      end += Character.charCount(source.codePointAt(end));
    }
    String name = source.substring(position, end);
    if (!PythonText.isIdentifier(name)) {
      throw reader.error("Invalid character in identifier");
    }
    reader.moveTo(end);
    return new Token(reader.line(), TokenType.NAME, name, name);
  }

  private Token operator() {
    int position = reader.position();
    for (int length = 2; length >= 1; length--) {
      if (position + length <= source.length()) {
        String text = source.substring(position, position + length);
        TokenType type = OPERATORS.get(text);
        if (type != null) {
          balance(text);
          reader.moveTo(position + length);
          return new Token(reader.line(), type, text, text);
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
          throw reader.error("unexpected '" + operator + "'");
        }
        char expected = open.pop();
        if (expected != operator.charAt(0)) {
          throw reader.error("unexpected '" + operator + "', expected '" + expected + "'");
        }
      }
      default -> {}
    }
  }

  private InvalidTemplateException unexpectedCharacter() {
    String c = Character.toString(source.codePointAt(reader.position()));
    return reader.error("unexpected char " + Quoting.quote(c) + " at " + reader.position());
  }

  private static Map<String, TokenType> operators() {
    return EnumSet.range(TokenType.ADD, TokenType.SEMICOLON).stream()
        .collect(Collectors.toUnmodifiableMap(TokenType::description, Function.identity()));
  }
}
