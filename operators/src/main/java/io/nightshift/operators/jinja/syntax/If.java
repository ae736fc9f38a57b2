package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** {@code if}, {@code elif} and {@code else}. */
final class If extends Statement {
  private final Expression test;
  private final List<Statement> body;
  private final List<If> alternatives;
  private final List<Statement> otherwise;

  If(
      int line,
      Expression test,
      List<Statement> body,
      List<If> alternatives,
      List<Statement> otherwise) {
    super(
        line,
        Stream.of(List.of(test), body, alternatives, otherwise).flatMap(List::stream).toList());
    this.test = test;
    this.body = List.copyOf(body);
    this.alternatives = List.copyOf(alternatives);
    this.otherwise = List.copyOf(otherwise);
  }

  @Override
  void declare(Symbols symbols) {
    test.declare(symbols);
    symbols.branches(
        List.of(
            branch -> declare(body, branch),
            branch -> declare(alternatives, branch),
            branch -> declare(otherwise, branch)));
  }

  private static void declare(List<? extends Statement> statements, Symbols branch) {
    statements.forEach(statement -> statement.declare(branch));
  }

  @Override
  Executor compile(Scope outer) {
    Scope scope = outer.conditional();
    List<Evaluator> tests = new ArrayList<>(List.of(test.compile(scope)));
    List<Executor> bodies = new ArrayList<>(List.of(Statements.compile(body, scope)));
    for (If alternative : alternatives) {
      tests.add(alternative.test.compile(scope));
      bodies.add(Statements.compile(alternative.body, scope));
    }
    Executor last = Statements.compile(otherwise, scope);
    return frame -> {
      for (int i = 0; i < tests.size(); i++) {
        if (Values.isTrue(tests.get(i).evaluate(frame))) {
          return bodies.get(i).execute(frame);
        }
      }
      return last.execute(frame);
    };
  }
}
