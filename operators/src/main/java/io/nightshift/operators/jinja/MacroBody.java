package io.nightshift.operators.jinja;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A compiled macro without the frame that it was defined in.
 *
 * @param name empty for the body of a call block
 * @param defaults one for each parameter; null where there is none
 * @param callerSlot where the caller goes if the body uses one that is no parameter; likewise the
 *     other two for arguments beyond the parameters
 * @param height how deep a call may nest
 */
record MacroBody(
    String name,
    List<String> parameters,
    List<Slot> slots,
    List<@Nullable Evaluator> defaults,
    @Nullable Slot callerSlot,
    @Nullable Slot keywordsSlot,
    @Nullable Slot restSlot,
    FrameLayout layout,
    Executor enter,
    Executor content,
    int height) {

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
    return new MacroBody(
        name,
        names,
        names.stream().map(scope::slot).toList(),
        defaults,
        special.contains("caller") ? scope.slot("caller") : null,
        special.contains("kwargs") ? scope.slot("kwargs") : null,
        special.contains("varargs") ? scope.slot("varargs") : null,
        scope.function(),
        enter,
        scope.compileAll(body),
        definition.height());
  }

  /** Runs the macro; returns what it wrote. */
  Object run(Frame frame) {
    RenderContext context = frame.context();
    context.enter(height);
    enter.execute(frame);
    for (int i = 0; i < parameters.size(); i++) {
      if (frame.get(slots.get(i)) == Frame.MISSING) {
        Evaluator value = defaults.get(i);
        frame.set(
            slots.get(i),
            value == null
                ? context.undefinedHint("parameter '" + parameters.get(i) + "' was not provided")
                : value.evaluate(frame));
      }
    }
    context.capture();
    content.execute(frame);
    context.leave(height);
    return context.captured();
  }
}
