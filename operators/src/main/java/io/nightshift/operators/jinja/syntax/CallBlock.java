package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Values;
import java.util.List;
import java.util.stream.Stream;

/** {@code call macro()} ... {@code endcall}: the body is the macro's {@code caller}. */
final class CallBlock extends Statement {
  private final CallExpression call;
  private final MacroSignature signature;
  private final List<Statement> body;

  CallBlock(int line, CallExpression call, MacroSignature signature, List<Statement> body) {
    super(
        line,
        Stream.of(List.of(call), signature.parameters(), signature.defaults(), body)
            .flatMap(List::stream)
            .toList());
    this.call = call;
    this.signature = signature;
    this.body = List.copyOf(body);
  }

  @Override
  void declare(Symbols symbols) {
    call.declare(symbols);
  }

  @Override
  Executor compile(Scope scope) {
    MacroBody macro = MacroCompiler.compile(this, "", signature, body, scope);
    Evaluator result = call.compileWithCaller(scope, frame -> new Macro(macro, frame));
    return frame -> {
      Object text = Values.requireTextValue(result.evaluate(frame));
      frame.rendering().write(text);
      return Executor.Signal.NEXT;
    };
  }
}
