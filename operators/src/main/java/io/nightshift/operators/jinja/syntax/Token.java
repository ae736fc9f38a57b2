package io.nightshift.operators.jinja.syntax;

/**
 * A token of a template.
 *
 * @param line line of the source, from 1
 * @param text the name, the text or the operator
 * @param value the value of a string, integer or float; otherwise the text
 */
record Token(int line, TokenType type, String text, Object value) {

  boolean isName(String name) {
    return type == TokenType.NAME && text.equals(name);
  }

  String describe() {
    return type == TokenType.NAME ? text : type.description();
  }
}
