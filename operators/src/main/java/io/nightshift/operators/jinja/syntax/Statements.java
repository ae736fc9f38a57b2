package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.EvaluationException;
import java.util.List;

/** Compiles statements that run one after the other. */
final class Statements {
  private Statements() {}

  /** Compiles the statements of a whole template. */
  static Executor compileRoot(List<Statement> statements, Scope scope) {
    statements.forEach(statement -> statement.declare(scope.symbols()));
    Executor enter = scope.enter();
    Executor body = compile(statements, scope);
    return frame -> {
      enter.execute(frame);
      return body.execute(frame);
    };
  }

  /** Compiles the statements of a body; errors get the line of their statement. */
  static Executor compile(List<Statement> statements, Scope scope) {
    return Executor.sequence(
        statements.stream().map(statement -> compile(statement, scope)).toList());
  }

  private static Executor compile(Statement statement, Scope scope) {
    Executor compiled = statement.compile(scope);
    int line = statement.line();
    return frame -> {
      try {
        return compiled.execute(frame);
      } catch (EvaluationException e) {
        throw e.at(line);
      }
    };
  }
}
