package io.nightshift.operators.jinja.syntax;

/** Bounds the height of expressions so that neither parsing nor evaluation overflows the stack. */
final class TreeBounds {
  private static final int MAX_NESTING = 80;
  private static final int MAX_HEIGHT = 250;

  private final TokenStream tokens;
  private int nesting;

  TreeBounds(TokenStream tokens) {
    this.tokens = tokens;
  }

  /** Notes the start of an expression inside another one. */
  void enter() {
    if (++nesting > MAX_NESTING) {
      throw tokens.error("expressions are nested more than " + MAX_NESTING + " levels deep");
    }
  }

  /** Notes the end of that expression. */
  void leave() {
    nesting--;
  }

  /** Refuses a tree that chains of operators have made too high. */
  <T extends Expression> T check(T expression) {
    if (expression.height() > MAX_HEIGHT) {
      throw tokens.error(
          "an expression has more than " + MAX_HEIGHT + " operations inside one another");
    }
    return expression;
  }
}
