package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.ArithmeticOperator;
import io.nightshift.operators.jinja.runtime.ComparisonOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** Builds expressions from operators, the loosest first; {@link OperandParser} builds the rest. */
final class ExpressionParser {
  private static final Map<TokenType, ComparisonOperator> COMPARISONS =
      Map.of(
          TokenType.EQ, ComparisonOperator.EQUAL,
          TokenType.NE, ComparisonOperator.NOT_EQUAL,
          TokenType.LT, ComparisonOperator.LESS,
          TokenType.LTEQ, ComparisonOperator.LESS_OR_EQUAL,
          TokenType.GT, ComparisonOperator.GREATER,
          TokenType.GTEQ, ComparisonOperator.GREATER_OR_EQUAL);

  private static final Map<TokenType, ArithmeticOperator> ARITHMETIC =
      Map.of(
          TokenType.ADD, ArithmeticOperator.ADD,
          TokenType.SUB, ArithmeticOperator.SUBTRACT,
          TokenType.MUL, ArithmeticOperator.MULTIPLY,
          TokenType.DIV, ArithmeticOperator.DIVIDE,
          TokenType.FLOORDIV, ArithmeticOperator.FLOOR_DIVIDE,
          TokenType.MOD, ArithmeticOperator.REMAINDER,
          TokenType.POW, ArithmeticOperator.POWER);

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

  /** Parses the content of parentheses, where a tuple may be empty. */
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

  InvalidTemplateException expectedExpression() {
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
      left = bounds.check(new LogicalOperation(line, false, left, parseAnd()));
      line = tokens.current().line();
    }
    return left;
  }

  private Expression parseAnd() {
    int line = tokens.current().line();
    Expression left = parseNot();
    while (tokens.skipIfName("and")) {
      left = bounds.check(new LogicalOperation(line, true, left, parseNot()));
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
      value = bounds.check(new Negation(line, value));
    }
    return value;
  }

  private Expression parseCompare() {
    int line = tokens.current().line();
    Expression first = parseSum();
    List<ComparisonOperator> operators = new ArrayList<>();
    List<Expression> operands = new ArrayList<>();
    while (true) {
      ComparisonOperator operator = COMPARISONS.get(tokens.current().type());
      if (operator != null) {
        tokens.next();
      } else if (tokens.skipIfName("in")) {
        operator = ComparisonOperator.IN;
      } else if (tokens.atName("not") && tokens.look().isName("in")) {
        tokens.next();
        tokens.next();
        operator = ComparisonOperator.NOT_IN;
      } else {
        break;
      }
      operators.add(operator);
      operands.add(parseSum());
    }
    return operators.isEmpty()
        ? first
        : bounds.check(new ComparisonChain(line, first, operators, operands));
  }

  private Expression parseSum() {
    int line = tokens.current().line();
    Expression left = parseConcatenation();
    while (tokens.at(TokenType.ADD) || tokens.at(TokenType.SUB)) {
      left = binary(line, left, this::parseConcatenation);
      line = tokens.current().line();
    }
    return left;
  }

  /** Parses the current operator and its right operand. */
  private Expression binary(int line, Expression left, Supplier<Expression> right) {
    ArithmeticOperator operator = Objects.requireNonNull(ARITHMETIC.get(tokens.next().type()));
    return bounds.check(new BinaryOperation(line, operator, left, right.get()));
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
      left = binary(line, left, this::parsePower);
      line = tokens.current().line();
    }
    return left;
  }

  /** Powers; unlike Python's, Jinja's group to the left and bind looser than a sign. */
  private Expression parsePower() {
    int line = tokens.current().line();
    Expression left = parseUnary(true);
    while (tokens.at(TokenType.POW)) {
      left = binary(line, left, () -> parseUnary(true));
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
