package io.nightshift.operators.jinja.syntax;

import java.util.List;
import java.util.stream.Stream;

/** {@code macro} ... {@code endmacro}. */
final class MacroStatement extends Statement {
  private final String name;
  private final MacroSignature signature;
  private final List<Statement> body;

  MacroStatement(int line, String name, MacroSignature signature, List<Statement> body) {
    super(
        line,
        Stream.of(signature.parameters(), signature.defaults(), body)
            .flatMap(List::stream)
            .toList());
    this.name = name;
    this.signature = signature;
    this.body = List.copyOf(body);
  }

  @Override
  void declare(Symbols symbols) {
    symbols.store(name);
  }

  @Override
  Executor compile(Scope scope) {
    MacroBody macro = MacroCompiler.compile(this, name, signature, body, scope);
    Slot slot = scope.slot(name);
    return frame -> {
      frame.set(slot, new Macro(macro, frame));
      return Executor.Signal.NEXT;
    };
  }
}
