package io.nightshift.operators.jinja.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Parses the left side of an assignment. */
final class TargetParser {
  private static final Set<String> CONSTANTS =
      Set.of("true", "True", "false", "False", "none", "None");

  private final TokenStream tokens;
  private final ExpressionParser expressions;

  TargetParser(TokenStream tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  /** Whether the name is that of a constant, which cannot be assigned. */
  static boolean isConstant(String name) {
    return CONSTANTS.contains(name);
  }

  /** An assignment target, which ends at the names {@code ends} too. */
  Target parse(boolean namespaces, String... ends) {
    int line = tokens.current().line();
    List<Target> targets = new ArrayList<>();
    boolean tuple = false;
    while (!expressions.atTupleEnd(ends)) {
      targets.add(parseSingleTarget(namespaces));
      if (!tokens.at(TokenType.COMMA)) {
        break;
      }
      tuple = true;
      tokens.next();
    }
    if (targets.isEmpty()) {
      throw expressions.expectedExpression();
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
    return asTarget(expressions.operands().parsePrimary());
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
}
