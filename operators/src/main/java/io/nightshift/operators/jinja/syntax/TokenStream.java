package io.nightshift.operators.jinja.syntax;

import org.jspecify.annotations.Nullable;

/** The tokens of a template with one token of look-ahead beyond the current one. */
final class TokenStream {
  private final Lexer lexer;
  private Token current;
  private @Nullable Token ahead;

  TokenStream(Lexer lexer) {
    this.lexer = lexer;
    this.current = lexer.next();
  }

  Token current() {
    return current;
  }

  /** The token after the current one. */
  Token look() {
    Token token = ahead;
    if (token == null) {
      token = lexer.next();
      ahead = token;
    }
    return token;
  }

  /** Advances and returns the token that was current. */
  Token next() {
    Token token = current;
    current = look();
    ahead = null;
    return token;
  }

  boolean at(TokenType type) {
    return current.type() == type;
  }

  boolean atName(String name) {
    return current.isName(name);
  }

  boolean skipIf(TokenType type) {
    if (at(type)) {
      next();
      return true;
    }
    return false;
  }

  boolean skipIfName(String name) {
    if (atName(name)) {
      next();
      return true;
    }
    return false;
  }

  Token expect(TokenType type) {
    if (!at(type)) {
      throw expected(type.description());
    }
    return next();
  }

  void expectName(String name) {
    if (!atName(name)) {
      throw expected(name);
    }
    next();
  }

  private InvalidTemplateException expected(String what) {
    if (at(TokenType.EOF)) {
      return error("unexpected end of template, expected '" + what + "'.");
    }
    return error("expected token '" + what + "', got '" + current.describe() + "'");
  }

  InvalidTemplateException error(String reason) {
    return error(reason, current.line());
  }

  InvalidTemplateException error(String reason, int line) {
    return new InvalidTemplateException(line, reason);
  }
}
