package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Arguments;
import java.util.List;

/**
 * {@code generation} ... {@code endgeneration}: transformers' mark around what the assistant says.
 * Its text is written unchanged; as in a call block, variables set inside end with the block.
 */
final class GenerationBlock extends Statement {
  private final List<Statement> body;

  GenerationBlock(int line, List<Statement> body) {
    super(line, body);
    this.body = List.copyOf(body);
  }

  @Override
  void declare(Symbols symbols) {}

  @Override
  Executor compile(Scope scope) {
    MacroBody macro = MacroCompiler.compile(this, "", MacroSignature.EMPTY, body, scope);
    return frame -> {
      frame.rendering().write(new Macro(macro, frame).call(frame.context(), Arguments.NONE));
      return Executor.Signal.NEXT;
    };
  }
}
