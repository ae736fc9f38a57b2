package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.None;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses operands: names and literals, and the attributes, calls and filters that follow them. */
final class OperandParser {
  private final TokenStream tokens;
  private final ExpressionParser expressions;
  private final TreeBounds bounds;

  OperandParser(TokenStream tokens, ExpressionParser expressions, TreeBounds bounds) {
    this.tokens = tokens;
    this.expressions = expressions;
    this.bounds = bounds;
  }

  /** A name, a literal or an expression in parentheses. */
  Expression parsePrimary() {
    Token token = tokens.current();
    switch (token.type()) {
      case NAME -> {
        tokens.next();
        return switch (token.text()) {
          case "true", "True" -> new Constant(token.line(), true);
          case "false", "False" -> new Constant(token.line(), false);
          case "none", "None" -> new Constant(token.line(), None.NONE);
          default -> new Name(token.line(), token.text());
        };
      }
      case STRING -> {
        StringBuilder text = new StringBuilder();
        while (tokens.at(TokenType.STRING)) {
          text.append(tokens.next().value());
        }
        return Constant.text(token.line(), text.toString());
      }
      case INTEGER, FLOAT -> {
        tokens.next();
        return new Constant(token.line(), token.value());
      }
      case LPAREN -> {
        tokens.next();
        Expression value = expressions.parseParenthesized();
        tokens.expect(TokenType.RPAREN);
        return value;
      }
      case LBRACKET -> {
        return parseList();
      }
      case LBRACE -> {
        return parseDict();
      }
      default -> throw tokens.error("unexpected '" + token.describe() + "'");
    }
  }

  private Expression parseList() {
    int line = tokens.expect(TokenType.LBRACKET).line();
    List<Expression> items = new ArrayList<>();
    while (!tokens.at(TokenType.RBRACKET)) {
      if (!items.isEmpty()) {
        tokens.expect(TokenType.COMMA);
        if (tokens.at(TokenType.RBRACKET)) {
          break;
        }
      }
      items.add(expressions.parseExpression());
    }
    tokens.expect(TokenType.RBRACKET);
    return bounds.check(new SequenceLiteral(line, items, false));
  }

  private Expression parseDict() {
    int line = tokens.expect(TokenType.LBRACE).line();
    List<Expression> keysAndValues = new ArrayList<>();
    while (!tokens.at(TokenType.RBRACE)) {
      if (!keysAndValues.isEmpty()) {
        tokens.expect(TokenType.COMMA);
        if (tokens.at(TokenType.RBRACE)) {
          break;
        }
      }
      keysAndValues.add(expressions.parseExpression());
      tokens.expect(TokenType.COLON);
      keysAndValues.add(expressions.parseExpression());
    }
    tokens.expect(TokenType.RBRACE);
    return bounds.check(new DictLiteral(line, keysAndValues));
  }

  /** Parses the attributes, items and calls after an operand. */
  Expression parsePostfix(Expression start) {
    Expression value = start;
    while (true) {
      if (tokens.at(TokenType.DOT)) {
        value = bounds.check(parseAttribute(value));
      } else if (tokens.at(TokenType.LBRACKET)) {
        value = bounds.check(parseSubscript(value));
      } else if (tokens.at(TokenType.LPAREN)) {
        value = bounds.check(parseCall(value));
      } else {
        return value;
      }
    }
  }

  /** Parses the filters and tests after an operand. */
  Expression parseFiltersAndTests(Expression start) {
    Expression value = start;
    while (true) {
      if (tokens.at(TokenType.PIPE)) {
        value = parseFilters(value, false);
      } else if (tokens.atName("is")) {
        value = bounds.check(parseTest(value));
      } else if (tokens.at(TokenType.LPAREN)) {
        value = bounds.check(parseCall(value));
      } else {
        return value;
      }
    }
  }

  private Expression parseAttribute(Expression object) {
    int line = tokens.next().line();
    Token name = tokens.next();
    if (name.type() == TokenType.NAME) {
      return new AttributeAccess(line, object, name.text());
    }
    if (name.type() != TokenType.INTEGER) {
      throw tokens.error("expected name or number", name.line());
    }
    return new ItemAccess(line, object, new Constant(line, name.value()));
  }

  private Expression parseSubscript(Expression object) {
    int line = tokens.next().line();
    if (tokens.at(TokenType.RBRACKET)) {
      tokens.next();
      return new ItemAccess(line, object, new SequenceLiteral(line, List.of(), true));
    }
    List<Expression> keys = new ArrayList<>();
    while (true) {
      Expression start = tokens.at(TokenType.COLON) ? none(line) : expressions.parseExpression();
      if (tokens.at(TokenType.COLON)) {
        if (!keys.isEmpty()) {
          throw tokens.error("a slice cannot be part of a tuple of keys");
        }
        Expression slice = parseSlice(line, object, start);
        tokens.expect(TokenType.RBRACKET);
        return slice;
      }
      keys.add(start);
      if (tokens.at(TokenType.RBRACKET)) {
        tokens.next();
        break;
      }
      tokens.expect(TokenType.COMMA);
    }
    Expression key = keys.size() == 1 ? keys.get(0) : new SequenceLiteral(line, keys, true);
    return new ItemAccess(line, object, key);
  }

  private Expression parseSlice(int line, Expression object, Expression start) {
    tokens.expect(TokenType.COLON);
    Expression stop = parseSliceBound(line);
    Expression step = tokens.skipIf(TokenType.COLON) ? parseSliceBound(line) : none(line);
    return new SliceAccess(line, object, start, stop, step);
  }

  private Expression parseSliceBound(int line) {
    return tokens.at(TokenType.COLON) || tokens.at(TokenType.RBRACKET)
        ? none(line)
        : expressions.parseExpression();
  }

  private static Expression none(int line) {
    return new Constant(line, None.NONE);
  }

  private Expression parseCall(Expression function) {
    int line = tokens.current().line();
    return new CallExpression(line, function, parseArguments());
  }

  private ArgumentList parseArguments() {
    int line = tokens.expect(TokenType.LPAREN).line();
    List<Expression> positional = new ArrayList<>();
    List<ArgumentList.Keyword> keywords = new ArrayList<>();
    Expression unpacked = null;
    Expression unpackedKeywords = null;
    boolean first = true;
    while (!tokens.at(TokenType.RPAREN)) {
      if (!first) {
        tokens.expect(TokenType.COMMA);
        if (tokens.at(TokenType.RPAREN)) {
          break;
        }
      }
      first = false;
      boolean valid;
      if (tokens.skipIf(TokenType.MUL)) {
        valid = unpacked == null && unpackedKeywords == null;
        unpacked = expressions.parseExpression();
      } else if (tokens.skipIf(TokenType.POW)) {
        valid = unpackedKeywords == null;
        unpackedKeywords = expressions.parseExpression();
      } else if (tokens.at(TokenType.NAME) && tokens.look().type() == TokenType.ASSIGN) {
        valid = unpackedKeywords == null;
        String name = tokens.next().text();
        tokens.next();
        keywords.add(new ArgumentList.Keyword(name, expressions.parseExpression()));
      } else {
        valid = unpacked == null && unpackedKeywords == null && keywords.isEmpty();
        positional.add(expressions.parseExpression());
      }
      if (!valid) {
        throw tokens.error("invalid syntax for function call expression", line);
      }
    }
    tokens.expect(TokenType.RPAREN);
    return new ArgumentList(line, positional, keywords, unpacked, unpackedKeywords);
  }

  /** Parses a chain of filters. In a filter tag, {@code inTag}, the first one has no pipe. */
  FilterExpression parseFilters(@Nullable Expression start, boolean inTag) {
    Expression value = start;
    FilterExpression filter;
    boolean pipe = !inTag;
    do {
      if (pipe) {
        tokens.expect(TokenType.PIPE);
      }
      pipe = true;
      int line = tokens.current().line();
      String name = parseDottedName();
      ArgumentList arguments = tokens.at(TokenType.LPAREN) ? parseArguments() : ArgumentList.EMPTY;
      filter = new FilterExpression(line, value, name, arguments);
      bounds.check(filter);
      value = filter;
    } while (tokens.at(TokenType.PIPE));
    return filter;
  }

  private String parseDottedName() {
    StringBuilder name = new StringBuilder(tokens.expect(TokenType.NAME).text());
    while (tokens.skipIf(TokenType.DOT)) {
      name.append('.').append(tokens.expect(TokenType.NAME).text());
    }
    return name.toString();
  }

  private Expression parseTest(Expression value) {
    int line = tokens.next().line();
    boolean negated = tokens.skipIfName("not");
    String name = parseDottedName();
    ArgumentList arguments = ArgumentList.EMPTY;
    if (tokens.at(TokenType.LPAREN)) {
      arguments = parseArguments();
    } else if (atTestArgument()) {
      if (tokens.atName("is")) {
        throw tokens.error("You cannot chain multiple tests with is");
      }
      Expression argument = parsePostfix(parsePrimary());
      arguments = new ArgumentList(line, List.of(argument), List.of(), null, null);
    }
    Expression test = new TestExpression(line, value, name, arguments);
    return negated ? new Negation(line, test) : test;
  }

  private boolean atTestArgument() {
    return switch (tokens.current().type()) {
      case STRING, INTEGER, FLOAT, LBRACKET, LBRACE -> true;
      case NAME -> !tokens.atName("else") && !tokens.atName("or") && !tokens.atName("and");
      default -> false;
    };
  }
}
