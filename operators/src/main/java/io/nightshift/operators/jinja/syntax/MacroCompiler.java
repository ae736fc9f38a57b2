package io.nightshift.operators.jinja.syntax;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles macros and the bodies of call blocks. */
final class MacroCompiler {
  private MacroCompiler() {}

  /**
   * Compiles a macro.
   *
   * @param name empty for the body of a call block
   */
  static MacroBody compile(
      Statement definition,
      String name,
      MacroSignature signature,
      List<Statement> body,
      Scope outer) {
    Scope scope = outer.innerFunction();
    Symbols symbols = scope.symbols();
    List<String> names = signature.names();
    if (new HashSet<>(names).size() < names.size()) {
      throw outer.error(definition.line(), "duplicate argument in macro " + name);
    }
    signature.parameters().forEach(parameter -> parameter.declareParameters(symbols));
    signature.defaults().forEach(value -> value.declare(symbols));
    body.forEach(statement -> statement.declare(symbols));
    Set<String> special = UndeclaredNames.find(body, Set.of("caller", "kwargs", "varargs"));
    int required = names.size() - signature.defaults().size();
    int explicitCaller = names.indexOf("caller");
    if (special.contains("caller") && explicitCaller >= 0 && explicitCaller < required) {
      throw outer.error(
          definition.line(),
          "When defining macros or call blocks the special \"caller\" argument must be omitted or"
              + " be given a default.");
    }
    special.removeAll(names);
    special.forEach(symbols::parameter);
    Executor enter = scope.enter();
    List<@Nullable Evaluator> defaults = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      defaults.add(i < required ? null : signature.defaults().get(i - required).compile(scope));
    }
    MacroParameters parameters =
        new MacroParameters(
            names,
            names.stream().map(scope::slot).toList(),
            defaults,
            special.contains("caller") ? scope.slot("caller") : null,
            special.contains("kwargs") ? scope.slot("kwargs") : null,
            special.contains("varargs") ? scope.slot("varargs") : null);
    Executor content = Statements.compile(body, scope);
    // The frame's size is known only now: the body adds its variables.
    return new MacroBody(
        name, parameters, scope.function().size(), enter, content, definition.height());
  }
}
