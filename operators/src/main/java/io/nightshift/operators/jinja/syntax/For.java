package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.syntax.Executor.Signal;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A loop over an iterable, with a filter and an alternative for the case of no iteration. */
final class For extends Statement {
  /**
   * What the tag of a loop says.
   *
   * @param test the condition that filters the elements, if there is one
   */
  record Head(Target target, Expression iterable, @Nullable Expression test, boolean recursive) {}

  private final Head head;
  private final List<Statement> body;
  private final List<Statement> otherwise;

  For(int line, Head head, List<Statement> body, List<Statement> otherwise) {
    super(
        line,
        Stream.of(
                Stream.of(head.target(), head.iterable()),
                body.stream(),
                otherwise.stream(),
                Stream.<Node>ofNullable(head.test()))
            .<Node>flatMap(nodes -> nodes)
            .toList());
    this.head = head;
    this.body = List.copyOf(body);
    this.otherwise = List.copyOf(otherwise);
  }

  @Override
  void declare(Symbols symbols) {
    head.iterable().declare(symbols);
  }

  @Override
  Executor compile(Scope outer) {
    refuseAssignmentToLoop(this, outer);
    Evaluator items = head.iterable().compile(outer);
    if (!head.recursive()) {
      CompiledLoop loop = compileLoop(outer.inner(), outer.inner(), outer);
      return frame -> loop.run(frame, items.evaluate(frame), null);
    }
    Scope function = outer.innerFunction();
    CompiledLoop loop = compileLoop(function, function.inner(), function);
    return frame -> {
      Object value = items.evaluate(frame);
      frame.rendering().write(recursion(loop, function, frame, 0).render(value));
      return Signal.NEXT;
    };
  }

  /** The body of a recursive loop as a function of what to iterate over. */
  private static LoopContext.Recursion recursion(
      CompiledLoop loop, Scope function, Frame closure, int depth) {
    return value -> {
      RenderContext context = closure.context();
      context.enter(loop.height());
      Frame frame = new Frame(function.function().size(), closure);
      closure.rendering().capture();
      loop.run(
          frame,
          value,
          new CompiledLoop.Level(depth, recursion(loop, function, closure, depth + 1)));
      context.leave(loop.height());
      return closure.rendering().captured();
    };
  }

  private static void refuseAssignmentToLoop(Node node, Scope scope) {
    if (node instanceof NameTarget name && name.name().equals("loop")) {
      throw scope.error(name.line(), "Can't assign to special loop variable in for-loop target");
    }
    node.children().forEach(child -> refuseAssignmentToLoop(child, scope));
  }

  private CompiledLoop compileLoop(Scope loopScope, Scope elseScope, Scope outer) {
    boolean extended =
        head.recursive() || UndeclaredNames.find(body, Set.of("loop")).contains("loop");
    if (extended) {
      loopScope.symbols().parameter("loop");
    }
    head.target().declareParameters(loopScope.symbols());
    body.forEach(statement -> statement.declare(loopScope.symbols()));
    otherwise.forEach(statement -> statement.declare(elseScope.symbols()));
    Expression condition = head.test();
    LoopFilter filter =
        condition == null
            ? null
            : LoopFilter.compile(head.target(), condition, outer.innerFunction());
    Executor enter = loopScope.enter();
    Executor enterElse = elseScope.enter();
    Assigner assigner = head.target().compile(loopScope);
    Slot loopSlot = extended ? loopScope.slot("loop") : null;
    Executor content = Statements.compile(body, loopScope.loopBody());
    CompiledLoop.Body compiled = new CompiledLoop.Body(enter, content, loopScope.leave());
    CompiledLoop.Else orElse =
        otherwise.isEmpty()
            ? null
            : new CompiledLoop.Else(enterElse, Statements.compile(otherwise, elseScope));
    return new CompiledLoop(assigner, loopSlot, filter, compiled, orElse, height());
  }
}
