package io.nightshift.operators.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Builds expressions from operators, the loosest first; {@link OperandParser} builds the rest. */
final class ExpressionParser {
  private static final Map<TokenType, Comparison.Operator> COMPARISONS =
      Map.of(
          TokenType.EQ, Comparison.Operator.EQUAL,
          TokenType.NE, Comparison.Operator.NOT_EQUAL,
          TokenType.LT, Comparison.Operator.LESS,
          TokenType.LTEQ, Comparison.Operator.LESS_OR_EQUAL,
          TokenType.GT, Comparison.Operator.GREATER,
          TokenType.GTEQ, Comparison.Operator.GREATER_OR_EQUAL);

  private final TokenStream tokens;
  private final TreeBounds bounds;
  private final OperandParser operands;

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
    this.bounds = new TreeBounds(tokens);
    this.operands = new OperandParser(tokens, this, bounds);
  }

  OperandParser operands() {
    return operands;
  }

  /** An expression; with commas a tuple of expressions. */
  Expression parseTuple() {
    return parseTuple(true, false);
  }

  /** What stands between parentheses, where a tuple may be empty. */
  Expression parseParenthesized() {
    return parseTuple(true, true);
  }

  /** The same without a conditional at its top; it also ends at the names {@code ends}. */
  Expression parseTupleWithoutCondition(String... ends) {
    return parseTuple(false, false, ends);
  }

  private Expression parseTuple(boolean conditions, boolean parentheses, String... ends) {
    int line = tokens.current().line();
    List<Expression> items = new ArrayList<>();
    boolean tuple = false;
    while (!atTupleEnd(ends)) {
      items.add(conditions ? parseExpression() : parseOr());
      if (!tokens.at(TokenType.COMMA)) {
        break;
      }
      tuple = true;
      tokens.next();
      line = tokens.current().line();
    }
    if (!tuple && !items.isEmpty()) {
      return items.get(0);
    }
    if (!tuple && !parentheses) {
      throw expectedExpression();
    }
    return new SequenceLiteral(line, items, true);
  }

  boolean atTupleEnd(String... ends) {
    if (tokens.at(TokenType.VARIABLE_END)
        || tokens.at(TokenType.BLOCK_END)
        || tokens.at(TokenType.RPAREN)) {
      return true;
    }
    for (String end : ends) {
      if (tokens.atName(end)) {
        return true;
      }
    }
    return false;
  }

  TemplateSyntaxException expectedExpression() {
    return tokens.error("Expected an expression, got '" + tokens.current().describe() + "'");
  }

  Expression parseExpression() {
    int line = tokens.current().line();
    bounds.enter();
    Expression value = parseOr();
    while (tokens.skipIfName("if")) {
      Expression test = parseOr();
      Expression otherwise = tokens.skipIfName("else") ? parseExpression() : null;
      value = bounds.check(new Conditional(line, test, value, otherwise));
      line = tokens.current().line();
    }
    bounds.leave();
    return value;
  }

  private Expression parseOr() {
    int line = tokens.current().line();
    Expression left = parseAnd();
    while (tokens.skipIfName("or")) {
      left = bounds.check(new Logic(line, false, left, parseAnd()));
      line = tokens.current().line();
    }
    return left;
  }

  private Expression parseAnd() {
    int line = tokens.current().line();
    Expression left = parseNot();
    while (tokens.skipIfName("and")) {
      left = bounds.check(new Logic(line, true, left, parseNot()));
      line = tokens.current().line();
    }
    return left;
  }

  private Expression parseNot() {
    int count = 0;
    int line = tokens.current().line();
    while (tokens.skipIfName("not")) {
      count++;
    }
    Expression value = parseCompare();
    for (int i = 0; i < count; i++) {
      value = bounds.check(new Not(line, value));
    }
    return value;
  }

  private Expression parseCompare() {
    int line = tokens.current().line();
    Expression first = parseSum();
    List<Comparison.Operator> operators = new ArrayList<>();
    List<Expression> operands = new ArrayList<>();
    while (true) {
      Comparison.Operator operator = COMPARISONS.get(tokens.current().type());
      if (operator != null) {
        tokens.next();
      } else if (tokens.skipIfName("in")) {
        operator = Comparison.Operator.IN;
      } else if (tokens.atName("not") && tokens.look().isName("in")) {
        tokens.next();
        tokens.next();
        operator = Comparison.Operator.NOT_IN;
      } else {
        break;
      }
      operators.add(operator);
      operands.add(parseSum());
    }
    return operators.isEmpty()
        ? first
        : bounds.check(new Compare(line, first, operators, operands));
  }

  private Expression parseSum() {
    int line = tokens.current().line();
    Expression left = parseConcatenation();
    while (tokens.at(TokenType.ADD) || tokens.at(TokenType.SUB)) {
      TokenType operator = tokens.next().type();
      left = bounds.check(new BinaryOperation(line, operator, left, parseConcatenation()));
      line = tokens.current().line();
    }
    return left;
  }

  private Expression parseConcatenation() {
    int line = tokens.current().line();
    Expression first = parseProduct();
    if (!tokens.at(TokenType.TILDE)) {
      return first;
    }
    List<Expression> operands = new ArrayList<>(List.of(first));
    while (tokens.skipIf(TokenType.TILDE)) {
      operands.add(parseProduct());
    }
    return bounds.check(new Concatenation(line, operands));
  }

  private Expression parseProduct() {
    int line = tokens.current().line();
    Expression left = parsePower();
    while (tokens.at(TokenType.MUL)
        || tokens.at(TokenType.DIV)
        || tokens.at(TokenType.FLOORDIV)
        || tokens.at(TokenType.MOD)) {
      TokenType operator = tokens.next().type();
      left = bounds.check(new BinaryOperation(line, operator, left, parsePower()));
      line = tokens.current().line();
    }
    return left;
  }

  /** Powers; unlike Python's, Jinja's group to the left and bind looser than a sign. */
  private Expression parsePower() {
    int line = tokens.current().line();
    Expression left = parseUnary(true);
    while (tokens.skipIf(TokenType.POW)) {
      left = bounds.check(new BinaryOperation(line, TokenType.POW, left, parseUnary(true)));
      line = tokens.current().line();
    }
    return left;
  }

  private Expression parseUnary(boolean filters) {
    int line = tokens.current().line();
    Expression value;
    if (tokens.at(TokenType.SUB) || tokens.at(TokenType.ADD)) {
      bounds.enter();
      boolean negative = tokens.next().type() == TokenType.SUB;
      value = bounds.check(new UnaryOperation(line, negative, parseUnary(false)));
      bounds.leave();
    } else {
      value = operands.parsePrimary();
    }
    value = operands.parsePostfix(value);
    return filters ? operands.parseFiltersAndTests(value) : value;
  }
}
