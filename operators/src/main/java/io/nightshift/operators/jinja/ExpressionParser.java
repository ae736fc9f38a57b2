package io.nightshift.operators.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds expressions, loosest operator first. */
final class ExpressionParser {
  private static final int MAX_NESTING = 80;
  private static final int MAX_HEIGHT = 250;
  private static final Set<String> CONSTANTS =
      Set.of("true", "True", "false", "False", "none", "None");
  private static final Map<TokenType, Comparison.Operator> COMPARISONS =
      Map.of(
          TokenType.EQ, Comparison.Operator.EQUAL,
          TokenType.NE, Comparison.Operator.NOT_EQUAL,
          TokenType.LT, Comparison.Operator.LESS,
          TokenType.LTEQ, Comparison.Operator.LESS_OR_EQUAL,
          TokenType.GT, Comparison.Operator.GREATER,
          TokenType.GTEQ, Comparison.Operator.GREATER_OR_EQUAL);

  private final TokenStream tokens;
  private int nesting;

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
  }

  static boolean isConstant(String name) {
    return CONSTANTS.contains(name);
  }

  /** An expression; with commas a tuple of expressions. */
  Expression parseTuple() {
    return parseTuple(true, false);
  }

  /** The same without a conditional at its top; it also ends at the names {@code ends}. */
  Expression parseTupleWithoutCondition(String... ends) {
    return parseTuple(false, false, ends);
  }

  /** An assignment target, which ends at the names {@code ends} too. */
  Target parseTarget(boolean namespaces, String... ends) {
    int line = tokens.current().line();
    List<Target> targets = new ArrayList<>();
    boolean tuple = false;
    while (!atTupleEnd(ends)) {
      targets.add(parseSingleTarget(namespaces));
      if (!tokens.at(TokenType.COMMA)) {
        break;
      }
      tuple = true;
      tokens.next();
    }
    if (targets.isEmpty()) {
      throw expectedExpression();
    }
    return tuple ? new TupleTarget(line, targets) : targets.get(0);
  }

  private Target parseSingleTarget(boolean namespaces) {
    if (namespaces && tokens.at(TokenType.NAME) && tokens.look().type() == TokenType.DOT) {
      Token name = tokens.next();
      if (!isConstant(name.text())) {
        tokens.next();
        String attribute = tokens.expect(TokenType.NAME).text();
        return new NamespaceTarget(name.line(), name.text(), attribute);
      }
      throw tokens.error("can't assign to 'const'", name.line());
    }
    return asTarget(parsePrimary());
  }

  private Target asTarget(Expression expression) {
    if (expression instanceof Name name) {
      return new NameTarget(name.line(), name.name());
    }
    if (expression instanceof SequenceLiteral sequence && sequence.isTuple()) {
      return new TupleTarget(
          sequence.line(), sequence.items().stream().map(this::asTarget).toList());
    }
    throw tokens.error("can't assign to '" + expression.kind() + "'", expression.line());
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

  private boolean atTupleEnd(String... ends) {
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

  private TemplateSyntaxException expectedExpression() {
    return tokens.error("Expected an expression, got '" + tokens.current().describe() + "'");
  }

  Expression parseExpression() {
    int line = tokens.current().line();
    if (++nesting > MAX_NESTING) {
      throw tokens.error("expressions are nested more than " + MAX_NESTING + " levels deep");
    }
    Expression value = parseOr();
    while (tokens.skipIfName("if")) {
      Expression test = parseOr();
      Expression otherwise = tokens.skipIfName("else") ? parseExpression() : null;
      value = bounded(new Conditional(line, test, value, otherwise));
      line = tokens.current().line();
    }
    nesting--;
    return value;
  }

  private Expression parseOr() {
    int line = tokens.current().line();
    Expression left = parseAnd();
    while (tokens.skipIfName("or")) {
      left = bounded(new Logic(line, false, left, parseAnd()));
      line = tokens.current().line();
    }
    return left;
  }

  private Expression parseAnd() {
    int line = tokens.current().line();
    Expression left = parseNot();
    while (tokens.skipIfName("and")) {
      left = bounded(new Logic(line, true, left, parseNot()));
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
      value = bounded(new Not(line, value));
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
    return operators.isEmpty() ? first : bounded(new Compare(line, first, operators, operands));
  }

  private Expression parseSum() {
    int line = tokens.current().line();
    Expression left = parseConcatenation();
    while (tokens.at(TokenType.ADD) || tokens.at(TokenType.SUB)) {
      TokenType operator = tokens.next().type();
      left = bounded(new BinaryOperation(line, operator, left, parseConcatenation()));
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
    return bounded(new Concatenation(line, operands));
  }

  private Expression parseProduct() {
    int line = tokens.current().line();
    Expression left = parsePower();
    while (tokens.at(TokenType.MUL)
        || tokens.at(TokenType.DIV)
        || tokens.at(TokenType.FLOORDIV)
        || tokens.at(TokenType.MOD)) {
      TokenType operator = tokens.next().type();
      left = bounded(new BinaryOperation(line, operator, left, parsePower()));
      line = tokens.current().line();
    }
    return left;
  }

  /** Powers; unlike Python's, Jinja's group to the left and bind looser than a sign. */
  private Expression parsePower() {
    int line = tokens.current().line();
    Expression left = parseUnary(true);
    while (tokens.skipIf(TokenType.POW)) {
      left = bounded(new BinaryOperation(line, TokenType.POW, left, parseUnary(true)));
      line = tokens.current().line();
    }
    return left;
  }

  private Expression parseUnary(boolean filters) {
    int line = tokens.current().line();
    Expression value;
    if (tokens.at(TokenType.SUB) || tokens.at(TokenType.ADD)) {
      if (++nesting > MAX_NESTING) {
        throw tokens.error("expressions are nested more than " + MAX_NESTING + " levels deep");
      }
      boolean negative = tokens.next().type() == TokenType.SUB;
      value = bounded(new UnaryOperation(line, negative, parseUnary(false)));
      nesting--;
    } else {
      value = parsePrimary();
    }
    value = parsePostfix(value);
    return filters ? parseFiltersAndTests(value) : value;
  }

  private Expression parsePrimary() {
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
        return new Constant(token.line(), text.toString());
      }
      case INTEGER, FLOAT -> {
        tokens.next();
        return new Constant(token.line(), token.value());
      }
      case LPAREN -> {
        tokens.next();
        Expression value = parseTuple(true, true);
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
      items.add(parseExpression());
    }
    tokens.expect(TokenType.RBRACKET);
    return bounded(new SequenceLiteral(line, items, false));
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
      keysAndValues.add(parseExpression());
      tokens.expect(TokenType.COLON);
      keysAndValues.add(parseExpression());
    }
    tokens.expect(TokenType.RBRACE);
    return bounded(new DictLiteral(line, keysAndValues));
  }

  private Expression parsePostfix(Expression start) {
    Expression value = start;
    while (true) {
      if (tokens.at(TokenType.DOT)) {
        value = bounded(parseAttribute(value));
      } else if (tokens.at(TokenType.LBRACKET)) {
        value = bounded(parseSubscript(value));
      } else if (tokens.at(TokenType.LPAREN)) {
        value = bounded(parseCall(value));
      } else {
        return value;
      }
    }
  }

  private Expression parseFiltersAndTests(Expression start) {
    Expression value = start;
    while (true) {
      if (tokens.at(TokenType.PIPE)) {
        value = parseFilters(value, false);
      } else if (tokens.atName("is")) {
        value = bounded(parseTest(value));
      } else if (tokens.at(TokenType.LPAREN)) {
        value = bounded(parseCall(value));
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
      Expression start = tokens.at(TokenType.COLON) ? none(line) : parseExpression();
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
        : parseExpression();
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
        unpacked = parseExpression();
      } else if (tokens.skipIf(TokenType.POW)) {
        valid = unpackedKeywords == null;
        unpackedKeywords = parseExpression();
      } else if (tokens.at(TokenType.NAME) && tokens.look().type() == TokenType.ASSIGN) {
        valid = unpackedKeywords == null;
        String name = tokens.next().text();
        tokens.next();
        keywords.add(new ArgumentList.Keyword(name, parseExpression()));
      } else {
        valid = unpacked == null && unpackedKeywords == null && keywords.isEmpty();
        positional.add(parseExpression());
      }
      if (!valid) {
        throw tokens.error("invalid syntax for function call expression", line);
      }
    }
    tokens.expect(TokenType.RPAREN);
    return new ArgumentList(line, positional, keywords, unpacked, unpackedKeywords);
  }

  /** A chain of filters; {@code inTag}: the first one stands without a pipe in a filter tag. */
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
      bounded(filter);
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
    return negated ? new Not(line, test) : test;
  }

  private boolean atTestArgument() {
    return switch (tokens.current().type()) {
      case STRING, INTEGER, FLOAT, LBRACKET, LBRACE -> true;
      case NAME -> !tokens.atName("else") && !tokens.atName("or") && !tokens.atName("and");
      default -> false;
    };
  }

  /** Refuses trees so high that evaluating them could overflow the thread's stack. */
  private <T extends Expression> T bounded(T expression) {
    if (expression.height() > MAX_HEIGHT) {
      throw tokens.error(
          "an expression has more than " + MAX_HEIGHT + " operations inside one another");
    }
    return expression;
  }
}
